// A tool's schema for a model provider, and the way back. Lossless or says what it lost: whatever a provider cannot express
// is in `changes`, and a strict form that would change what the tool takes is refused with a reason. Pure; never throws.
import { deepFreeze } from "../../kernel/freeze.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { compileNode } from "./compile-node.ts";
import type { CompiledSchema, SchemaChange } from "./compiled-schema.ts";
import { haveConflict } from "./conflicts.ts";
import { Context, Refusal } from "./context.ts";
import { findExcess, measure } from "./measure.ts";
import { mergeRoot } from "./merge-root.ts";
import { ROOT, toSame, toText } from "./place.ts";
import type { SchemaObject } from "./plan.ts";
import { createRestore } from "./restore.ts";
import type { ProviderRules, SchemaRules } from "./rules.ts";

type Attempt =
  | { readonly ok: true; readonly compiled: Omit<CompiledSchema, "strict" | "reason"> }
  | { readonly ok: false; readonly reason: string };

// What is read again and again (compared, looked for names) must not be large beyond what any registry holds.
const MAX_VALUES = 200_000;
const MAX_DEPTH = 512;

/**
 * `schema`, JSON Schema 2020-12 or draft-07, as the provider of `rules` takes it: in its strict form where `strict` asks for
 * it and the schema has one, otherwise in its loose form, which leaves open what is open.
 */
export function compileSchema(schema: JsonSchema, rules: ProviderRules, strict: boolean): CompiledSchema {
  if (!isSchema(schema)) return compileSchema({}, rules, strict);
  const size = countValues(schema, 0, 0);
  if (size > MAX_VALUES) return toAnyObject(`the schema is larger than ${MAX_VALUES} values, or too deep`, strict);
  let reason: string | null = null;
  if (strict) {
    const attempt: Attempt =
      rules.strict === null ? refuse(`${rules.name} has no strict tools`) : attemptForm(schema, rules.strict);
    if (attempt.ok) return { ...attempt.compiled, strict: true, reason };
    ({ reason } = attempt);
  }
  const attempt = attemptForm(schema, rules.loose);
  return attempt.ok ? { ...attempt.compiled, strict: false, reason } : toAnyObject(attempt.reason, strict);
}

function refuse(reason: string): Attempt {
  return { ok: false, reason };
}

function attemptForm(schema: JsonSchema, rules: SchemaRules): Attempt {
  try {
    return compileForm(schema, rules);
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.reason);
    throw error;
  }
}

function compileForm(schema: JsonSchema, rules: SchemaRules): Attempt {
  const trusting = new Context(schema, rules, compileNode, true);
  const root = compileRoot(trusting);
  // Of matter only where something is sent that must not accept more than before.
  if (rules.keywords.not !== "keep" || !trusting.wasMistaken) return toAttempt(trusting, root);
  const wary = new Context(schema, rules, compileNode, false);
  return toAttempt(wary, compileRoot(wary));
}

function compileRoot(context: Context): SchemaObject {
  const merged = mergeRoot(context);
  const { schema, plan } = context.node(merged.schema, toSame(ROOT, merged.inlined));
  context.rootPlan.plan = plan;
  context.rootPlan.isLossy = context.losses > 0;
  return schema;
}

/** What was compiled, if it is within the limits. */
function toAttempt(context: Context, root: SchemaObject): Attempt {
  const { rules, rootPlan } = context;
  const { plan } = rootPlan;
  const definitions = context.definitions.toSchemas();
  const whole = definitions === null ? root : { ...root, $defs: definitions };
  if (context.hasDrops) {
    const found = context.unions.find(({ branches }) => haveConflict(branches, whole));
    if (found !== undefined) {
      return refuse(`null is a value in one alternative of ${toText(found.at)} and stands for nothing in another`);
    }
  }
  const measured = measure(whole);
  const excess = rules.limits === null ? null : findExcess(measured, rules.limits);
  if (excess !== null) return refuse(excess);
  const hasRenames = context.properties.isUsed;
  const { changes, hasDrops, hasTexts } = context;
  const restore =
    plan === null || !(hasDrops || hasRenames || hasTexts)
      ? same
      : createRestore(plan, whole, { hasDrops, hasRenames, hasTexts });
  return {
    ok: true,
    compiled: { schema: deepFreeze(whole), changes: deepFreeze(changes), cost: measured.cost, restore },
  };
}

function same(input: unknown): unknown {
  return input;
}

/** What can always be sent. */
function toAnyObject(reason: string, strict: boolean): CompiledSchema {
  const schema = deepFreeze({ type: "object", properties: {} });
  const message = `any object is sent in its place: ${reason}`;
  const changes: SchemaChange[] = [{ path: "", keyword: "type", what: "widened", message }];
  return {
    schema,
    strict: false,
    reason: strict ? reason : null,
    changes: deepFreeze(changes),
    cost: measure(schema).cost,
    restore: same,
  };
}

/** Values in `value`; more than the limit as soon as it is passed, or when `value` is too deep. */
function countValues(value: unknown, depth: number, before: number): number {
  if (typeof value !== "object" || value === null) return before + 1;
  if (depth > MAX_DEPTH) return MAX_VALUES + 1;
  let count = before + 1;
  for (const member of Object.values(value)) {
    count = countValues(member, depth + 1, count);
    if (count > MAX_VALUES) return count;
  }
  return count;
}
