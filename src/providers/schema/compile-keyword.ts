// A keyword by itself, as the rules of the provider treat it.
import { quote } from "../../tool/schema/describe-value.ts";
import { compileKept, describePropertyNames } from "./compile-kept.ts";
import type { Context } from "./context.ts";
import type { Keyword } from "./keywords.ts";
import { toTypes } from "../../tool/schema/modern-form.ts";
import type { Parts } from "./parts.ts";
import { isRoot, toText } from "./place.ts";
import type { SchemaRules } from "./rules.ts";

/** Adds what is sent for `keyword` of the schema of `parts`. */
export function compileKeyword(context: Context, keyword: Keyword, parts: Parts): void {
  const { rules } = context;
  const { schema, at } = parts;
  if (isRoot(at) && rules.notAtRoot.has(keyword)) {
    parts.describe(keyword, `${keyword} moved to the description: it cannot stand at the root`);
    return;
  }
  switch (rules.keywords[keyword]) {
    case "drop":
      return;
    case "refuse":
      context.refuse(`${keyword} at ${toText(at)}`);
      return;
    case "describe":
      if (isSafeBound(keyword, parts)) context.note(at, keyword, "dropped", `${keyword} of a safe integer left out`);
      else if (keyword !== "propertyNames") parts.describe(keyword);
      else if (!isAnyName(schema[keyword])) describePropertyNames(context, parts);
      return;
    case "rewrite":
    case "keep":
      compileSent(context, keyword, parts);
      return;
  }
}

/** Zod's way to say that an integer is one. */
function isSafeBound(keyword: Keyword, { schema }: Parts): boolean {
  const bound = schema[keyword];
  return (
    (keyword === "minimum" && bound === Number.MIN_SAFE_INTEGER) ||
    (keyword === "maximum" && bound === Number.MAX_SAFE_INTEGER)
  );
}

function isAnyName(schema: unknown): boolean {
  if (schema === true) return true;
  const keys = Object.keys(Object(schema));
  return keys.length === 0 || (keys.length === 1 && (schema as { type?: unknown }).type === "string");
}

/** A keyword that is sent if its value can be. */
function compileSent(context: Context, keyword: Keyword, parts: Parts): void {
  const { rules } = context;
  const value = parts.schema[keyword];
  if (keyword === "exclusiveMinimum" || keyword === "exclusiveMaximum") compileBound(context, keyword, parts);
  else if (keyword === "format") compileFormat(context, parts);
  else if (keyword === "pattern" && typeof value === "string" && rules.refusedPatterns?.test(value) === true)
    parts.describe(keyword);
  else if (keyword === "minItems" && isOver(value, rules.maxMinItems)) {
    parts.add(keyword, rules.maxMinItems);
    parts.describe(keyword);
  } else compileKept(context, keyword, parts);
}

function compileFormat(context: Context, parts: Parts): void {
  const { rules } = context;
  const { format } = parts.schema;
  if (rules.unknown === "drop" && saysNothing(format, parts)) return;
  if (isFormat(format, rules)) compileKept(context, "format", parts);
  else {
    const name = typeof format === "string" ? quote(format, 40) : "of no known form";
    parts.describe("format", `format ${name} moved to the description`);
  }
}

// Those that the registry checks numbers with.
const NUMBER_FORMATS: ReadonlySet<unknown> = new Set(["int32", "int64", "float", "double"]);

/** A format of text says nothing of numbers. */
function saysNothing(format: unknown, { schema }: Parts): boolean {
  return toTypes(schema)?.includes("string") === false && !NUMBER_FORMATS.has(format);
}

function isOver(value: unknown, limit: number | null): boolean {
  return limit !== null && typeof value === "number" && value > limit;
}

function isFormat(value: unknown, { formats }: SchemaRules): boolean {
  return formats === null || (typeof value === "string" && formats.has(value));
}

/** Where there are no exclusive bounds, the next integer is one; a number may be the bound itself. */
function compileBound(context: Context, keyword: "exclusiveMinimum" | "exclusiveMaximum", parts: Parts): void {
  const { schema, at } = parts;
  const bound = schema[keyword];
  if (context.rules.keywords[keyword] === "keep" || typeof bound !== "number") {
    parts.add(keyword, bound);
    return;
  }
  const isMinimum = keyword === "exclusiveMinimum";
  const inclusive = isMinimum ? "minimum" : "maximum";
  const types = toTypes(schema) ?? [];
  const isInteger = types.includes("integer") && Number.isSafeInteger(bound);
  const own = schema[inclusive];
  const next = isInteger ? bound + (isMinimum ? 1 : -1) : bound;
  const isTighter = typeof own === "number" && (isMinimum ? own >= next : own <= next);
  if (!isTighter) parts.add(inclusive, next);
  if (isInteger) context.note(at, keyword, "rewritten", `${keyword} sent as ${inclusive}`);
  else parts.describe(keyword, `${keyword} sent as ${inclusive} and in the description`);
}
