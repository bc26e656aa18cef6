// A function definition of a corpus, ready to be registered. Definitions that differ under one name become versions of it.
import type { JsonSchema } from "../../src/index.ts";
import { normalizeSchema } from "./normalize-schema.ts";
import { toToolName } from "./to-tool-name.ts";

export interface Definition {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly parameters: JsonSchema;
  /** What was changed to make JSON Schema and a legal name of it, each once. */
  readonly notes: readonly string[];
}

/** The different definitions among those that are added, in order. */
export interface DefinitionSet {
  /** The definition that `raw` says; the same one for the same text. */
  readonly add: (raw: unknown) => Definition;
  readonly all: () => readonly Definition[];
}

export function createDefinitionSet(): DefinitionSet {
  const byText = new Map<string, Definition>();
  const versions = new Map<string, number>();
  const add = (raw: unknown): Definition => {
    const text = JSON.stringify(raw);
    const known = byText.get(text);
    if (known !== undefined) return known;
    const { name: given, description, parameters } = raw as Record<string, unknown>;
    const notes = new Set<string>();
    const name = toToolName(String(given));
    if (name !== given) notes.add("name changed");
    const schema = normalizeSchema(parameters, (what) => notes.add(what));
    const major = (versions.get(name) ?? 0) + 1;
    versions.set(name, major);
    const definition: Definition = {
      name,
      version: `${major}.0.0`,
      description: typeof description === "string" ? description : "",
      parameters: { type: "object", ...schema },
      notes: [...notes],
    };
    byText.set(text, definition);
    return definition;
  };
  return { add, all: () => [...byText.values()] };
}
