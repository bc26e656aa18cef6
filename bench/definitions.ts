// Tool definitions in bulk: from a folder of real ones, or generated at a similar size (about 370 characters of
// parameters). As JSON text, so that every use parses its own and no two tools share an object.
import { readCorpus } from "../eval/corpus/read-corpus.ts";
import { defineTool, type AnyTool, type JsonSchema } from "../src/index.ts";

interface RawDefinition {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

/** `count` definitions as JSON texts; real ones are repeated under other names when there are fewer. */
export function readDefinitions(corpus: string | null, count: number): readonly string[] {
  if (corpus === null) return Array.from({ length: count }, (_, index) => JSON.stringify(generate(index)));
  const real = readCorpus(corpus).definitions.map(({ notes: _notes, ...definition }): RawDefinition => definition);
  return Array.from({ length: count }, (_, index) => {
    const definition = real[index % real.length] as RawDefinition;
    const copy = Math.floor(index / real.length);
    return JSON.stringify(copy === 0 ? definition : { ...definition, name: `${definition.name}_${copy}` });
  });
}

/** A tool out of one of the texts. */
export function toTool(text: string, suffix = ""): AnyTool {
  const { name, version, description, parameters } = JSON.parse(text) as RawDefinition;
  return defineTool({
    name: `${name}${suffix}`,
    version,
    description,
    effect: "read",
    access: { roles: ["USER"] },
    input: parameters,
    handler: () => null,
  });
}

const NOUNS = ["order", "invoice", "ticket", "city", "route", "account", "report", "device", "meeting", "article"];
const VERBS = ["find", "create", "update", "cancel", "list", "summarize", "compare", "schedule", "export", "verify"];

/** The same for the same index. */
function generate(index: number): RawDefinition {
  const noun = NOUNS[index % NOUNS.length] as string;
  const verb = VERBS[Math.floor(index / NOUNS.length) % VERBS.length] as string;
  return {
    name: `${noun}.${verb}_${index}`,
    version: "1.0.0",
    description: `Will ${verb} one ${noun} for the current user and return what is known about it afterwards.`,
    parameters: {
      type: "object",
      properties: {
        [`${noun}_id`]: { type: "string", description: `Identifies the ${noun}, as the list of them shows it.` },
        limit: {
          type: "integer",
          description: "How many entries to return at most.",
          minimum: 1,
          maximum: 100 + (index % 50),
        },
        unit: {
          type: "string",
          enum: ["small", "medium", `large_${index % 7}`],
          description: "Size of what is returned.",
        },
        tags: { type: "array", items: { type: "string" } },
      },
      required: [`${noun}_id`],
    },
  };
}
