// Alternatives. In a closed form every alternative has to say everything itself, so what stands beside them is merged into
// each; elsewhere it stays beside them.
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { compileAll, toBranchPlan } from "./compile-kept.ts";
import { compileKeyword } from "./compile-keyword.ts";
import type { Compiled, Context } from "./context.ts";
import { makeAllOf } from "./intersect.ts";
import { ANNOTATIONS, isConstrained, isKeyword } from "./keywords.ts";
import { Parts } from "./parts.ts";
import { type Place, toPart, toSame, toText } from "./place.ts";

/** `schema` when it is about alternatives; null when they are one keyword among others. */
export function compileUnion(context: Context, schema: JsonSchema, at: Place): Compiled | null {
  const { anyOf, oneOf } = schema;
  const { closed } = context.rules;
  if (anyOf === undefined && oneOf === undefined) return null;
  const keyword = anyOf === undefined ? "oneOf" : "anyOf";
  const isAlone = !isConstrained(schema, [keyword]);
  if (!closed) return isAlone ? joinBranches(context, keyword, schema, at) : null;
  if (anyOf !== undefined && oneOf !== undefined) context.refuse(`anyOf and oneOf at ${toText(at)}`);
  return joinBranches(context, keyword, isAlone ? schema : distribute(context, keyword, schema, at), at);
}

/** What stands beside the alternatives, in each of them. */
function distribute(context: Context, keyword: "anyOf" | "oneOf", schema: JsonSchema, at: Place): JsonSchema {
  const others = Object.entries(schema).filter(([name]) => name !== keyword);
  const isBeside = ([name]: readonly [string, unknown]): boolean => isKeyword(name) && !ANNOTATIONS.has(name);
  const beside = Object.fromEntries(others.filter(isBeside));
  const outside = Object.fromEntries(others.filter((entry) => !isBeside(entry)));
  const branches: readonly unknown[] = Array.isArray(schema[keyword]) ? schema[keyword] : [];
  context.note(at, keyword, "rewritten", `what stands beside ${keyword} merged into each alternative`);
  return { ...outside, [keyword]: branches.map((branch) => (branch === false ? false : makeAllOf([beside, branch]))) };
}

function joinBranches(context: Context, keyword: "anyOf" | "oneOf", schema: JsonSchema, at: Place): Compiled {
  const given: readonly unknown[] = Array.isArray(schema[keyword]) ? schema[keyword] : [];
  const accepting = given.filter((branch) => branch !== false);
  if (accepting.length === 0 && context.rules.closed) context.refuse(`${toText(at)} accepts nothing`);
  if (accepting.length === 1 && context.rules.closed) {
    // The one there is, with what is said of the place.
    const { [keyword]: _branches, ...annotations } = schema;
    return context.node(makeAllOf([annotations, accepting[0]]), toSame(at));
  }
  const parts = compileAnnotations(context, schema, at);
  const { branches, isExact } = compileAll(context, keyword, schema, at);
  parts.add(
    isExact ? keyword : "anyOf",
    branches.map((branch) => branch.schema),
  );
  parts.addPlan(toBranchPlan(branches));
  if (branches.some(({ plan }) => plan !== null)) context.unions.push({ at, branches });
  return parts.join();
}

/** Alternatives that a schema without any has become. */
export function compileAlternatives(
  context: Context,
  schema: JsonSchema,
  alternatives: readonly JsonSchema[],
  at: Place,
): Compiled {
  const parts = compileAnnotations(context, schema, at);
  const branches = alternatives.map((branch, index) => context.node(branch, toPart(at, `|${index}`)));
  parts.add(
    "anyOf",
    branches.map((branch) => branch.schema),
  );
  parts.addPlan(toBranchPlan(branches));
  if (branches.some(({ plan }) => plan !== null)) context.unions.push({ at, branches });
  return parts.join();
}

/** What is said of the place, whatever its values. */
export function compileAnnotations(context: Context, schema: JsonSchema, at: Place): Parts {
  const parts = new Parts(context, schema, at);
  for (const [keyword, value] of Object.entries(schema)) {
    if (!isKeyword(keyword)) {
      if (context.rules.unknown === "keep") parts.add(keyword, value);
    } else if (ANNOTATIONS.has(keyword) && keyword !== "description" && keyword !== "$defs") {
      compileKeyword(context, keyword, parts);
    }
  }
  return parts;
}
