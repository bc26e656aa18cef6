// Keywords that are sent as they are, with the schemas in them compiled. A schema that says which values are *refused*, or
// counts those it accepts, must not accept more than before: it would make the whole accept less.
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { type Compiled, type Context, toEntries } from "./context.ts";
import { areDisjoint } from "./disjoint.ts";
import type { Keyword } from "./keywords.ts";
import { toNames } from "./modern-form.ts";
import type { Parts } from "./parts.ts";
import { type Place, toMember, toPart } from "./place.ts";
import type { Branch } from "./plan.ts";

type Send = (context: Context, parts: Parts, keyword: Keyword) => void;

/** How a keyword with schemas in it is sent; all others are sent as they are. */
const SEND: Partial<Record<Keyword, Send>> = {
  anyOf: (context, parts) => {
    compileChoice(context, "anyOf", parts);
  },
  oneOf: (context, parts) => {
    compileChoice(context, "oneOf", parts);
  },
  allOf: (context, parts) => {
    parts.addAllOf(compileList(context, parts));
  },
  not: (context, parts) => {
    addExact(context, "not", parts, toPart(parts.at, "?not"));
  },
  contains: (context, parts) => {
    if (addExact(context, "contains", parts, toMember(parts.at, "[]"))) addAll(["minContains", "maxContains"], parts);
  },
  if: (context, parts) => {
    if (addExact(context, "if", parts, toPart(parts.at, "?if"))) compileBranches(context, parts);
  },
  dependentRequired: compileNames,
  dependentSchemas: compileDependent,
  patternProperties: compilePatterns,
  propertyNames: compileMembers,
  unevaluatedProperties: compileMembers,
  unevaluatedItems: compileMembers,
};

/** Adds `keyword` of the schema of `parts`; describes it where that would make the whole accept less. */
export function compileKept(context: Context, keyword: Keyword, parts: Parts): void {
  const send = SEND[keyword];
  if (send === undefined) parts.add(keyword, context.properties.toWireValue(parts.schema[keyword]));
  else send(context, parts, keyword);
}

/** A schema that applies to the value as well: its plan does too. */
function addPart({ schema, plan }: Compiled, parts: Parts): object {
  parts.addPlan(plan);
  return schema;
}

/** A schema that applies to some values: names are the same whether or not it does. */
function addConditional({ schema, plan }: Compiled, parts: Parts): object {
  parts.addPlan(plan === null ? null : { parts: [plan], isConditional: true });
  return schema;
}

function addAll(keywords: readonly Keyword[], parts: Parts): void {
  for (const keyword of keywords) if (parts.schema[keyword] !== undefined) parts.add(keyword, parts.schema[keyword]);
}

/** Whether the schema under `keyword` could be sent with exactly its meaning; described when not. */
function addExact(context: Context, keyword: Keyword, parts: Parts, at: Place): boolean {
  const before = { losses: context.losses, changes: context.changes.length };
  const { schema } = context.node(parts.schema[keyword], at);
  const isExact = context.losses === before.losses;
  if (isExact) parts.add(keyword, schema);
  else {
    context.changes.length = before.changes;
    parts.describe(keyword);
  }
  return isExact;
}

function compileBranches(context: Context, parts: Parts): void {
  for (const keyword of ["then", "else"] as const) {
    if (parts.schema[keyword] === undefined) continue;
    const compiled = context.node(parts.schema[keyword], toPart(parts.at, `?${keyword}`));
    parts.add(keyword, addConditional(compiled, parts));
  }
}

function compileList(context: Context, parts: Parts): readonly object[] {
  const { allOf } = parts.schema;
  const list: readonly unknown[] = Array.isArray(allOf) ? allOf : [];
  return list.map((part, index) => addPart(context.node(part, toPart(parts.at, `&${index}`)), parts));
}

function compileDependent(context: Context, parts: Parts): void {
  const entries = toEntries(parts.schema["dependentSchemas"]).map(([name, member]) => {
    const compiled = context.node(member, toPart(parts.at, `?${name}`));
    return [context.properties.toWire(name), addConditional(compiled, parts)] as const;
  });
  parts.add("dependentSchemas", Object.fromEntries(entries));
}

function compileMembers(context: Context, parts: Parts, keyword: Keyword): void {
  const value = parts.schema[keyword];
  // It would be asked of the names that are sent.
  if (keyword === "propertyNames" && hasRenames(context, parts.schema)) {
    parts.describe(keyword);
    return;
  }
  parts.add(keyword, typeof value === "boolean" ? value : context.node(value, toMember(parts.at, "{}")).schema);
}

/** Alternatives beside other keywords. */
function compileChoice(context: Context, keyword: "anyOf" | "oneOf", parts: Parts): void {
  const { schema, at } = parts;
  const isSecond = keyword === "oneOf" && schema["anyOf"] !== undefined;
  if (isSecond && context.rules.keywords.oneOf !== "keep" && context.rules.keywords.allOf !== "keep") {
    context.note(at, keyword, "widened", "a second list of alternatives left out");
    return;
  }
  const { branches, isExact } = compileAll(context, keyword, schema, at);
  const list = branches.map((branch) => branch.schema);
  parts.addPlan(toBranchPlan(branches));
  if (keyword === "anyOf" || isExact) parts.add(keyword, list);
  else if (isSecond) parts.addAllOf([{ anyOf: list }]);
  else parts.add("anyOf", list);
}

/** The alternatives under `keyword`; exact unless `oneOf` is sent as `anyOf`. */
export function compileAll(
  context: Context,
  keyword: "anyOf" | "oneOf",
  schema: JsonSchema,
  at: Place,
): { readonly branches: readonly Branch[]; readonly isExact: boolean } {
  const given: readonly unknown[] = Array.isArray(schema[keyword]) ? schema[keyword] : [];
  const losses = context.losses;
  const branches = given
    .map((branch, index) => ({ branch, index }))
    .filter(({ branch }) => branch !== false)
    .map(({ branch, index }) => context.node(branch, toPart(at, `|${index}`)));
  // What accepts more may be one of two that accept a value, of which `oneOf` wants one.
  const isExact = keyword === "anyOf" || (context.rules.keywords.oneOf === "keep" && context.losses === losses);
  if (!isExact) {
    context.losses++;
    const what = areDisjoint(context.root, given) ? "rewritten" : "widened";
    context.note(at, keyword, what, "oneOf sent as anyOf");
  }
  return { branches, isExact };
}

/** Which alternative a value belongs to matters on the way back only where there is something to do in one. */
export function toBranchPlan(branches: readonly Branch[]): { readonly branches: readonly Branch[] } | null {
  return branches.some(({ plan }) => plan !== null) ? { branches } : null;
}

function compileNames(context: Context, parts: Parts): void {
  const entries = toEntries(parts.schema["dependentRequired"]).map(([name, names]) => [
    context.properties.toWire(name),
    toNames(names).map((needed) => context.properties.toWire(needed)),
  ]);
  parts.add("dependentRequired", Object.fromEntries(entries));
}

function compilePatterns(context: Context, parts: Parts): void {
  const { schema, at } = parts;
  if (hidesPatterns(context, schema)) {
    parts.describe("patternProperties");
    return;
  }
  const entries = toEntries(schema["patternProperties"]).map(
    ([pattern, member]) => [pattern, context.node(member, toMember(at, "{}")).schema] as const,
  );
  parts.add("patternProperties", Object.fromEntries(entries));
}

/** Whether patterns of names are not sent: then nothing can be said of members that are not named. */
export function hidesPatterns(context: Context, schema: JsonSchema): boolean {
  if (schema["patternProperties"] === undefined) return false;
  // Another name may match, or no longer match.
  return context.rules.keywords.patternProperties !== "keep" || hasRenames(context, schema);
}

/** Whether a property of `schema` is sent under another name. */
function hasRenames(context: Context, schema: JsonSchema): boolean {
  return toEntries(schema["properties"]).some(([name]) => context.properties.toWire(name) !== name);
}
