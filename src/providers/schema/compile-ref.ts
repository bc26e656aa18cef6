// References. What they lead to is moved to `$defs`, or written out where a provider does not take a reference.
import { isSchema } from "../../tool/schema/json-type.ts";
import { resolveRef } from "../../tool/schema/resolve-ref.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { compileAnnotations } from "./compile-union.ts";
import type { Compiled, Context } from "./context.ts";
import { makeAllOf } from "./intersect.ts";
import { ANNOTATIONS, isConstrained } from "./keywords.ts";
import { toModernForm, toTypes } from "../../tool/schema/modern-form.ts";
import { type Place, toDefinition, toSame, toText } from "./place.ts";
import type { PlanHolder } from "./plan.ts";

const MAX_HOPS = 64;

/** `schema`, which has the reference `ref`. */
export function compileRef(context: Context, schema: JsonSchema, ref: string, at: Place): Compiled {
  const { $ref: _ref, ...siblings } = schema;
  const found = follow(context, ref);
  if (found === null) {
    const words = ref.startsWith("#") ? "leads nowhere" : "leads out of the schema";
    if (context.rules.closed) context.refuse(`$ref at ${toText(at)} ${words}`);
    context.note(at, "$ref", "widened", `a reference that ${words} left out`);
    // What it evaluates is not known.
    const { unevaluatedProperties: _members, unevaluatedItems: _items, ...rest } = siblings;
    return context.node(rest, toSame(at));
  }
  const { target } = found;
  if (!isSchema(target)) return context.node(target ? siblings : false, toSame(at));
  if (isConstrained(siblings)) return addSiblings(context, target, found.ref, siblings, at);
  if (context.rules.refs === "optional") return compileAlone(context, target, found.ref, siblings, at);
  if (!context.rules.recursion) checkCircle(context, target, at);
  const { pointer, holder } = define(context, target, found.ref);
  const parts = compileAnnotations(context, siblings, at);
  parts.add("$ref", pointer);
  parts.addPlan({ target: holder });
  return parts.join();
}

/** The end of references to references. */
function follow(context: Context, ref: string): { readonly target: JsonSchema | boolean; readonly ref: string } | null {
  let current = ref;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const target = resolveRef(context.root, current);
    if (target === undefined) return null;
    if (typeof target === "boolean" || typeof target["$ref"] !== "string" || Object.keys(target).length > 1) {
      return { target, ref: current };
    }
    current = target["$ref"];
  }
  return null;
}

function checkCircle(context: Context, target: JsonSchema, at: Place): void {
  if (target === context.root || context.definitions.get(target)?.schema === null) {
    context.refuse(`${toText(at)} refers to what contains it`);
  }
}

/** The target in `$defs`, where it is put at its first reference. */
function define(
  context: Context,
  target: JsonSchema,
  ref: string,
): { readonly pointer: string; readonly holder: PlanHolder } {
  const isRoot = target === context.root && context.rules.refs === "anywhere";
  if (isRoot) {
    context.trust(context.rootPlan);
    return { pointer: "#", holder: context.rootPlan };
  }
  const known = context.definitions.get(target);
  if (known !== undefined) {
    if (known.schema === null) context.trust(known);
    else if (known.isLossy) context.losses++;
    return { pointer: `#/$defs/${known.name}`, holder: known };
  }
  const definition = context.definitions.begin(target, ref);
  const { losses } = context;
  const { schema, plan } = context.node(target, toDefinition(definition.name, target));
  definition.schema = schema;
  definition.isLossy = context.losses > losses;
  definition.plan = plan;
  return { pointer: `#/$defs/${definition.name}`, holder: definition };
}

/** The target with what stands beside the reference. */
function addSiblings(context: Context, target: JsonSchema, $ref: string, siblings: JsonSchema, at: Place): Compiled {
  if (context.rules.keywords.allOf === "keep") {
    // Beside the siblings, not among them: `unevaluatedProperties` has to see what the target evaluates.
    const { allOf } = siblings;
    const parts: readonly unknown[] = Array.isArray(allOf) ? allOf : [];
    return context.node({ ...siblings, allOf: [...parts, { $ref }] }, toSame(at));
  }
  if (at.inlined.includes(target)) {
    if (context.rules.closed) context.refuse(`${toText(at)} refers to what contains it, with other keywords`);
    return compileCut(context, target, siblings, at);
  }
  return context.node(makeAllOf([siblings, target]), toSame(at, [target]));
}

/** For a provider that takes a reference alone, and not where every value has to follow it. */
function compileAlone(context: Context, target: JsonSchema, ref: string, siblings: JsonSchema, at: Place): Compiled {
  const isCircle = at.inlined.includes(target) || target === context.root;
  const isAlone = Object.keys(siblings).every((keyword) => ANNOTATIONS.has(keyword) && keyword === "$comment");
  if (at.required || (!isAlone && !isCircle)) {
    if (isCircle) return compileCut(context, target, siblings, at);
    const { description, ...rest } = siblings;
    const own = description === undefined ? target : { ...target, description };
    return context.node({ ...own, ...rest }, toSame(at, [target]));
  }
  if (!isAlone) context.note(at, "$ref", "dropped", "what is said beside a reference left out");
  const { pointer, holder } = define(context, target, ref);
  return { schema: { $ref: pointer }, plan: { target: holder } };
}

/** A circle ends here: of the target only the types are sent. */
function compileCut(context: Context, target: JsonSchema, siblings: JsonSchema, at: Place): Compiled {
  const types = toTypes(toModernForm(target));
  context.note(at, "$ref", "widened", "the same again, of which only the type is sent");
  const description = siblings["description"] ?? target["description"];
  return context.node(
    { ...(types !== null && { type: types }), ...(description !== undefined && { description }) },
    toSame(at),
  );
}
