// From Zod to JSON Schema: what has an id (`.meta({ id })`) is written once, under `components`, and referred to.
import { z } from "zod";
import { isObject } from "../../kernel/json.ts";
import type { Schema } from "./document.ts";

export interface SchemaBook {
  /** What a request may carry: before defaults, coercions and transformations. */
  toInput(type: z.ZodType): Schema;
  /** What an answer carries. */
  toOutput(type: z.ZodType): Schema;
  /** The named ones so far, by name. */
  components(): Readonly<Record<string, Schema>>;
}

export function createSchemaBook(): SchemaBook {
  const named = new Map<string, Schema>();
  const convert = (type: z.ZodType, io: "input" | "output"): Schema => {
    // One id may stand for two forms: what is sent, and what comes.
    const toName = (id: string): string => (io === "input" ? `${id}Input` : id);
    const { $defs = {}, ...schema } = z.toJSONSchema(type, { io, unrepresentable: "any" }) as Schema;
    for (const [id, definition] of Object.entries($defs as Readonly<Record<string, Schema>>))
      named.set(toName(id), tidy(definition, toName));
    return tidy(schema, toName);
  };
  return {
    toInput: (type) => convert(type, "input"),
    toOutput: (type) => convert(type, "output"),
    components: () => Object.fromEntries([...named].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}

const LOCAL = "#/$defs/";

/** Without what says nothing, and with references that lead to the document's components. */
function tidy(schema: Schema, toName: (id: string) => string): Schema {
  const clean = (value: unknown, isMap: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => clean(item, false));
    if (!isObject(value)) return value;
    const kept = Object.entries(value).filter(([keyword, inner]) => isMap || !isSilent(keyword, inner));
    return Object.fromEntries(
      kept.map(([keyword, inner]) => {
        if (!isMap && keyword === "$ref" && typeof inner === "string" && inner.startsWith(LOCAL))
          return [keyword, `#/components/schemas/${toName(inner.slice(LOCAL.length))}`];
        // Data, not schemas.
        if (!isMap && (keyword === "default" || keyword === "const" || keyword === "enum")) return [keyword, inner];
        return [keyword, clean(inner, !isMap && keyword === "properties")];
      }),
    );
  };
  return clean(schema, false) as Schema;
}

function isSilent(keyword: string, value: unknown): boolean {
  if (keyword === "$schema") return true;
  return (
    (keyword === "additionalProperties" || keyword === "properties") &&
    isObject(value) &&
    Object.keys(value).length === 0
  );
}
