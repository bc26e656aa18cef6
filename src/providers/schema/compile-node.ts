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
import { concerns, isAnything, isKeyword, type Keyword } from "./keywords.ts";
import { toTagValues } from "./disjoint.ts";
import { mergeAllOf } from "./merge-all-of.ts";
import { toModernForm } from "../../tool/schema/modern-form.ts";
import { Parts } from "./parts.ts";
import { type Place, toSame, toText } from "./place.ts";

/** What is compiled together with another keyword. */
const TOGETHER: ReadonlySet<string> = new Set<Keyword>([
  ...(["type", "enum", "const", "properties", "required", "additionalProperties", "items", "prefixItems"] as const),
  ...(["description", "$ref", "$defs", "then", "else", "minContains", "maxContains"] as const),
]);

/** What applies to the value itself, and so evaluates its members or items. */
const EVALUATING: ReadonlySet<Keyword> = new Set<Keyword>([
  ...(["anyOf", "oneOf", "allOf", "if", "dependentSchemas", "patternProperties", "contains"] as const),
]);

export function compileNode(context: Context, given: unknown, at: Place): Compiled {
  if (given === false) return compileNothing(context, at);
  const { closed, keywords } = context.rules;
  if (closed && isAnything(given)) context.refuse(`${toText(at)} accepts anything`);
  const schema = isSchema(given) ? toModernForm(given) : {};
  if (context.rules.unknown === "drop") noteDiscriminator(context, schema, at);
  if (schema["allOf"] !== undefined && keywords.allOf === "rewrite") return compileAllOf(context, schema, at);
  if (typeof schema["$ref"] === "string") return compileRef(context, schema, schema["$ref"], at);
  return compileUnion(context, schema, at) ?? compilePlain(context, schema, at);
}

/** OpenAPI's word for which alternative a value belongs to says nothing that constants do not say as well, if there are any. */
function noteDiscriminator(context: Context, { discriminator, oneOf, anyOf }: JsonSchema, at: Place): void {
  const tag = isSchema(discriminator) ? discriminator["propertyName"] : undefined;
  const branches: unknown = oneOf ?? anyOf;
  if (typeof tag !== "string" || !Array.isArray(branches)) return;
  if (branches.every((branch) => toTagValues(context.root, branch, tag) !== null)) return;
  context.note(at, "discriminator", "dropped", `discriminator ${JSON.stringify(tag)} left out`);
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
  const isExact = compileKeywords(context, types, parts);
  if (types === null || types.includes("object")) compileObject(context, parts);
  if (types === null || types.includes("array")) compileArray(context, parts);
  // "No others" counts what the keywords beside it evaluate, and would refuse what is no longer said.
  if (!isExact) for (const keyword of ["unevaluatedProperties", "unevaluatedItems"] as const) parts.withdraw(keyword);
  return parts.join();
}

/** Whether all that evaluates members or items says exactly what it did. */
function compileKeywords(context: Context, types: readonly string[] | null, parts: Parts): boolean {
  const keepsAll = context.rules.unknown === "keep";
  let isExact = true;
  for (const keyword of Object.keys(parts.schema)) {
    if (TOGETHER.has(keyword)) continue;
    if (!isKeyword(keyword)) {
      if (keepsAll) parts.add(keyword, parts.schema[keyword]);
    } else if (keepsAll || concerns(keyword, types)) {
      const { losses } = context;
      compileKeyword(context, keyword, parts);
      if (EVALUATING.has(keyword) && context.losses > losses) isExact = false;
    }
  }
  return isExact;
}
