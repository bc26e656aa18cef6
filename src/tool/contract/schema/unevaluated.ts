// `unevaluatedProperties` and `unevaluatedItems` where what is evaluated does not depend on the value: then they speak of
// what neither this schema nor the ones it is joined with name. Otherwise they are kept as they are.
import { isObject } from "../../../kernel/json.ts";
import { isSchema } from "../../schema/json-type.ts";
import { toModernForm } from "../../schema/modern-form.ts";
import type { JsonSchema } from "../../schema/schema.ts";
import { ANY_ATOM, type Atom } from "./atom.ts";
import type { SchemaDocument } from "./document.ts";
import { ANY_LIST, ANY_MEMBERS } from "./facets.ts";

const MAX_SCHEMAS = 64;
/** What evaluates members or items of some values and not of others. */
const CONDITIONAL = ["anyOf", "oneOf", "if", "dependentSchemas"];
const KEYWORDS = ["unevaluatedProperties", "unevaluatedItems"] as const;

/** What the two keywords of `schema`, in its modern form, say; null when it has none. */
export function toUnevaluated(schema: JsonSchema, document: SchemaDocument): Atom | null {
  const present = KEYWORDS.filter((keyword) => schema[keyword] !== undefined && schema[keyword] !== true);
  if (present.length === 0) return null;
  const joined = collectJoined(schema, document);
  return present.reduce<Atom>((atom, keyword) => {
    if (joined === null || (keyword === "unevaluatedItems" && joined.some((one) => "contains" in one)))
      return { ...atom, residues: [...atom.residues, { keyword, host: schema, document }] };
    return keyword === "unevaluatedItems"
      ? withItems(atom, schema, joined, document)
      : withMembers(atom, schema, joined, document);
  }, ANY_ATOM);
}

/** `schema` and what it is joined with by `allOf` and `$ref`; null when there is anything conditional. */
function collectJoined(schema: JsonSchema, document: SchemaDocument): readonly JsonSchema[] | null {
  const joined: JsonSchema[] = [];
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const next = open.pop();
    if (!isSchema(next)) continue;
    const modern = toModernForm(next);
    joined.push(modern);
    if (joined.length > MAX_SCHEMAS || CONDITIONAL.some((keyword) => keyword in modern)) return null;
    if (Array.isArray(modern["allOf"])) open.push(...(modern["allOf"] as unknown[]));
    if (typeof modern["$ref"] === "string") open.push(document.resolve(modern["$ref"]));
  }
  return joined;
}

function withMembers(atom: Atom, schema: JsonSchema, joined: readonly JsonSchema[], document: SchemaDocument): Atom {
  // What another one leaves unevaluated, it has evaluated by saying so.
  const isDone = joined.some(
    (one, index) =>
      one["additionalProperties"] !== undefined || (index > 0 && one["unevaluatedProperties"] !== undefined),
  );
  if (isDone) return atom;
  const of = (keyword: string): readonly string[] =>
    joined.flatMap((one) => (isObject(one[keyword]) ? Object.keys(one[keyword]) : []));
  const part = {
    isListing: false,
    properties: new Map(of("properties").map((name) => [name, document.anything])),
    patterns: of("patternProperties").map((pattern) => [pattern, document.anything] as const),
    rest: document.toNode(schema["unevaluatedProperties"]),
  };
  return { ...atom, members: { ...ANY_MEMBERS, parts: [part] } };
}

function withItems(atom: Atom, schema: JsonSchema, joined: readonly JsonSchema[], document: SchemaDocument): Atom {
  const isDone = joined.some(
    (one, index) => one["items"] !== undefined || (index > 0 && one["unevaluatedItems"] !== undefined),
  );
  if (isDone) return atom;
  const lengths = joined.map(({ prefixItems }) => (Array.isArray(prefixItems) ? prefixItems.length : 0));
  const prefix = Array.from({ length: Math.max(...lengths) }, () => document.anything);
  return { ...atom, lists: { ...ANY_LIST, parts: [{ prefix, rest: document.toNode(schema["unevaluatedItems"]) }] } };
}
