// Keywords that are sent as they are, with the schemas in them compiled. A schema that says which values are *refused*, or
// counts those it accepts, must not accept more than before: it would make the whole accept less.
import { isObject } from "../../kernel/json.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { type Compiled, type Context, toEntries } from "./context.ts";
import { areDisjoint } from "./disjoint.ts";
import type { Keyword } from "./keywords.ts";
import { toNames } from "../../tool/schema/modern-form.ts";
import type { Parts } from "./parts.ts";
import { type Place, toMember, toPart } from "./place.ts";
import { type Branch, type Plan, toArrayPlan, toConditionalPlan, toRenamePlan } from "./plan.ts";

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
    addExact(context, "not", parts, toPart(parts.at, "?not"), toConditionalPlan);
  },
  contains: (context, parts) => {
    const isExact = addExact(context, "contains", parts, toMember(parts.at, "[]"), toItemsPlan);
    if (isExact) addAll(["minContains", "maxContains"], parts);
  },
  if: (context, parts) => {
    if (addExact(context, "if", parts, toPart(parts.at, "?if"), toConditionalPlan)) compileBranches(context, parts);
  },
  dependentRequired: compileNames,
  dependentSchemas: compileDependent,
  patternProperties: compilePatterns,
  propertyNames: compilePropertyNames,
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
  parts.addPlan(toConditionalPlan(plan));
  return schema;
}

/** A schema that applies to some items. */
function toItemsPlan(plan: Plan | null): Plan | null {
  return toArrayPlan([], toConditionalPlan(plan));
}

/** A schema that applies to some members. */
function toMembersPlan(plan: Plan | null): Plan | null {
  return plan === null ? null : { members: new Map(), rest: toConditionalPlan(plan) };
}

function addAll(keywords: readonly Keyword[], parts: Parts): void {
  for (const keyword of keywords) if (parts.schema[keyword] !== undefined) parts.add(keyword, parts.schema[keyword]);
}

/** Whether the schema under `keyword` could be sent with exactly its meaning; described when not. */
function addExact(
  context: Context,
  keyword: Keyword,
  parts: Parts,
  at: Place,
  toPlan: (plan: Plan | null) => Plan | null,
): boolean {
  const { losses } = context;
  const before = context.changes.length;
  const { schema, plan } = context.node(parts.schema[keyword], at);
  parts.addPlan(toPlan(plan));
  const isExact = context.losses === losses;
  if (isExact) parts.add(keyword, schema);
  else {
    // Of a definition they are told once, at its first reference, and others may follow.
    const kept = context.changes.slice(before).filter(({ path }) => path.startsWith("#"));
    context.changes.splice(before, Infinity, ...kept);
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
  const found = toEntries(parts.schema["dependentSchemas"]);
  addNames(
    context,
    found.map(([name]) => name),
    parts,
  );
  const entries = found.map(([name, member]) => {
    const compiled = context.node(member, toPart(parts.at, `?${name}`));
    return [context.properties.toWire(name), addConditional(compiled, parts)] as const;
  });
  parts.add("dependentSchemas", Object.fromEntries(entries));
}

function compileMembers(context: Context, parts: Parts, keyword: Keyword): void {
  const value = parts.schema[keyword];
  if (typeof value === "boolean") {
    parts.add(keyword, value);
    return;
  }
  const { schema, plan } = context.node(value, toMember(parts.at, "{}"));
  parts.add(keyword, schema);
  parts.addPlan(keyword === "unevaluatedItems" ? toItemsPlan(plan) : toMembersPlan(plan));
}

/** What would be asked of the names that are sent. */
function compilePropertyNames(context: Context, parts: Parts): void {
  if (context.properties.isNeeded) describePropertyNames(context, parts);
  else compileMembers(context, parts, "propertyNames");
}

/** Names that are listed are told as they are sent; what else is said of names is about the tool's own. */
export function describePropertyNames(context: Context, parts: Parts): void {
  const { propertyNames } = parts.schema;
  const isListed = isObject(propertyNames) && ("enum" in propertyNames || "const" in propertyNames);
  if (isListed || !context.properties.isNeeded) parts.describe("propertyNames");
  else context.note(parts.at, "propertyNames", "widened", "propertyNames left out: names are sent in another form");
}

/** Names that may be described nowhere come back like those that are. */
function addNames(context: Context, names: readonly string[], parts: Parts): void {
  parts.addPlan(toRenamePlan(context.properties.toRenames(names)));
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
  const found = toEntries(parts.schema["dependentRequired"]).map(([name, names]) => [name, toNames(names)] as const);
  addNames(
    context,
    found.flatMap(([name, names]) => [name, ...names]),
    parts,
  );
  const entries = found.map(([name, names]) => [
    context.properties.toWire(name),
    names.map((needed) => context.properties.toWire(needed)),
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
  // Another name may match, or no longer match; it may be that of a property in another part.
  return context.rules.keywords.patternProperties !== "keep" || context.properties.isNeeded;
}
