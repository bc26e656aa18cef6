// One schema of a tool as a provider takes it: which part of the compiler makes it, and its keywords put together.
// INVARIANT: what comes out accepts every value that the tool's schema accepts, once null stands for what was left out
// where that is asked for: "accepts what the tool's schema accepts" in test/providers/schema-properties.test.ts. The one
// exception closes objects that say nothing of further members, and is told.
import { isSchema } from "../../tool/schema/json-type.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { compileArray } from "./compile-array.ts";
import { compileKeyword } from "./compile-keyword.ts";
import { compileObject } from "./compile-object.ts";
import { compileRef } from "./compile-ref.ts";
import { compileAlternatives, compileUnion } from "./compile-union.ts";
import { compileValues } from "./compile-values.ts";
import type { Compiled, Context } from "./context.ts";
import { isMade } from "./intersect.ts";
import { concerns, isKeyword, type Keyword } from "./keywords.ts";
import { mergeAllOf } from "./merge-all-of.ts";
import { isAnything, toModernForm } from "./modern-form.ts";
import { Parts } from "./parts.ts";
import { type Place, toSame, toText } from "./place.ts";

/** What is compiled together with another keyword. */
const TOGETHER: ReadonlySet<string> = new Set<Keyword>([
  ...(["type", "enum", "const", "properties", "required", "additionalProperties", "items", "prefixItems"] as const),
  ...(["description", "$ref", "$defs", "then", "else", "minContains", "maxContains"] as const),
]);

export function compileNode(context: Context, given: unknown, at: Place): Compiled {
  if (given === false) return compileNothing(context, at);
  const { closed, keywords } = context.rules;
  if (closed && isAnything(given)) context.refuse(`${toText(at)} accepts anything`);
  const schema = isSchema(given) ? toModernForm(given) : {};
  if (schema["allOf"] !== undefined && keywords.allOf === "rewrite") return compileAllOf(context, schema, at);
  if (typeof schema["$ref"] === "string") return compileRef(context, schema, schema["$ref"], at);
  return compileUnion(context, schema, at) ?? compilePlain(context, schema, at);
}

function compileNothing(context: Context, at: Place): Compiled {
  if (context.rules.closed) context.refuse(`${toText(at)} accepts nothing`);
  if (context.rules.keywords.not === "keep") return { schema: { not: {} }, plan: null };
  context.note(at, "not", "widened", "accepts nothing, which cannot be said");
  return { schema: {}, plan: null };
}

function compileAllOf(context: Context, schema: JsonSchema, at: Place): Compiled {
  const { schema: merged, inlined, conflicts } = mergeAllOf(context.root, schema, at.inlined);
  const [conflict] = conflicts;
  if (conflict !== undefined) {
    const words = conflict === "$ref" ? "a part refers to itself" : `its parts differ in ${conflict}`;
    if (context.rules.closed) context.refuse(`allOf at ${toText(at)}: ${words}`);
    context.note(at, "allOf", "widened", `allOf merged into one schema; ${words}, of which the first is sent`);
  } else if (!isMade(schema)) context.note(at, "allOf", "rewritten", "allOf merged into one schema");
  return context.node(merged, toSame(at, inlined));
}

/** Keyword by keyword. */
function compilePlain(context: Context, schema: JsonSchema, at: Place): Compiled {
  const parts = new Parts(context, schema, at);
  const { types, alternatives } = compileValues(context, schema, parts);
  if (alternatives !== null) return compileAlternatives(context, schema, alternatives, at);
  if (context.rules.closed && types === null) context.refuse(`${toText(at)} has no type`);
  compileKeywords(context, types, parts);
  if (types === null || types.includes("object")) compileObject(context, parts);
  if (types === null || types.includes("array")) compileArray(context, parts);
  return parts.join();
}

function compileKeywords(context: Context, types: readonly string[] | null, parts: Parts): void {
  const keepsAll = context.rules.unknown === "keep";
  for (const keyword of Object.keys(parts.schema)) {
    if (TOGETHER.has(keyword)) continue;
    if (!isKeyword(keyword)) {
      if (keepsAll) parts.add(keyword, parts.schema[keyword]);
    } else if (keepsAll || concerns(keyword, types)) compileKeyword(context, keyword, parts);
  }
}
