// `propertyNames` where the same can be said by members: names from a list, or that fit a pattern, and no others.
import { isJsonEqual } from "../../../kernel/json-equal.ts";
import { isSchema } from "../../schema/json-type.ts";
import type { SchemaDocument } from "./document.ts";
import type { MemberPart } from "./facets.ts";

/** What `names`, the value of a `propertyNames`, says of members; null when it has to be kept as it is. */
export function toNamePart(names: unknown, document: SchemaDocument): MemberPart | null {
  if (names === true) return { isListing: false, properties: new Map(), patterns: [], rest: null };
  if (!isSchema(names)) return { isListing: false, properties: new Map(), patterns: [], rest: document.nothing };
  const { type, description: _description, title: _title, ...rest } = names;
  if (type !== undefined && !isJsonEqual(type, "string")) return null;
  const keywords = Object.keys(rest);
  const [keyword] = keywords;
  if (keyword === undefined) return { isListing: false, properties: new Map(), patterns: [], rest: null };
  if (keywords.length > 1) return null;
  if (keyword === "enum" && Array.isArray(rest[keyword])) return toListed(rest[keyword], document);
  if (keyword === "const") return toListed([rest[keyword]], document);
  if (keyword !== "pattern" || typeof rest[keyword] !== "string") return null;
  return {
    isListing: false,
    properties: new Map(),
    patterns: [[rest[keyword], document.anything]],
    rest: document.nothing,
  };
}

function toListed(names: readonly unknown[], document: SchemaDocument): MemberPart {
  const texts = names.filter((name) => typeof name === "string");
  return {
    isListing: true,
    properties: new Map(texts.map((name) => [name, document.anything])),
    patterns: [],
    rest: document.nothing,
  };
}
