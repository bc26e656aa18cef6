// THE decision: list, get, search, execute and explain all come from this one function. Its order is the policy: what
// hides comes first, then who is let in, then scopes; conditions come last, because only they need arguments.
import type { Principal } from "../call/principal.ts";
import { toLacking, type CompiledAccess } from "./compile-access.ts";
import { testCondition } from "./condition.ts";
import { toRefused, type Decision } from "./decision.ts";
import type { Condition } from "./grant.ts";
import { findMismatch, type Rule } from "./rule.ts";
import { traceCondition, traceMatch, traceScopes, traceTenant, type Trace } from "./trace.ts";

/** In place of arguments that are not known yet. */
export const UNKNOWN_ARGUMENTS: unique symbol = Symbol("arguments are not known");

const NOTHING_FITS = toRefused(false, "default deny", "No rule lets this principal use the tool.");

/**
 * Decides for `principal` with the validated `input`, or with UNKNOWN_ARGUMENTS. Never "conditional" with arguments,
 * and never allowed with arguments where it is "no" without. `trace`, unless null, gets every rule looked at.
 */
// INVARIANT: deny wins; allowed implies visible; no tenant sees another's tool; arguments never widen
// (authz.property.test.ts, which holds this against an oracle written differently).
export function decide(access: CompiledAccess, principal: Principal, input: unknown, trace: Trace | null): Decision {
  // Before every rule, admins' included: a grant for "*" or an admin of one tenant must not reach into another.
  if (!isOffered(access, principal, trace)) return access.otherTenant;
  const held = access.graph.toHeldBits(principal.roles);
  const denied = findFitting(access.denies, principal, held, trace);
  if (denied !== null) return denied.met;
  const allowed =
    findFitting(access.allows, principal, held, trace) ?? findFitting(access.conditionalAllows, principal, held, trace);
  if (allowed === null) return NOTHING_FITS;
  const lacking = access.scopes.length === 0 ? null : findLackingScopes(access, principal, trace);
  if (lacking !== null) return lacking;
  if (input === UNKNOWN_ARGUMENTS) {
    return (findFitting(access.conditionalDenies, principal, held, trace) ?? allowed).open;
  }
  if (allowed.when === null && access.conditionalDenies.length === 0) return allowed.met;
  return decideConditions(access, allowed, { input, held, request: { principal, tool: access.tool } }, trace);
}

/** A call whose arguments are known; made only where a condition asks for them. */
interface KnownCall {
  readonly input: unknown;
  readonly held: number;
  readonly request: Parameters<Condition>[1];
}

function decideConditions(access: CompiledAccess, allowed: Rule, call: KnownCall, trace: Trace | null): Decision {
  const denied = findMet(access.conditionalDenies, call, trace);
  if (denied !== null) return denied.met;
  if (allowed.when === null) return allowed.met;
  return findMet(access.conditionalAllows, call, trace)?.met ?? allowed.unmet;
}

function isOffered(access: CompiledAccess, principal: Principal, trace: Trace | null): boolean {
  if (access.tenants === null) return true;
  const inside = access.tenants.has(principal.tenant);
  if (trace !== null) traceTenant(trace, access, inside);
  return inside;
}

function findFitting(rules: readonly Rule[], principal: Principal, held: number, trace: Trace | null): Rule | null {
  for (const rule of rules) {
    const mismatch = findMismatch(rule, principal, held);
    if (trace !== null) traceMatch(trace, rule, principal, mismatch);
    if (mismatch === null) return rule;
  }
  return null;
}

/** The first rule that fits and whose condition holds. A condition that gives no answer holds for a deny only. */
function findMet(rules: readonly Rule[], { input, held, request }: KnownCall, trace: Trace | null): Rule | null {
  for (const rule of rules) {
    const mismatch = findMismatch(rule, request.principal, held);
    if (mismatch === null) {
      const verdict = testCondition(rule, input, request);
      const applies = typeof verdict === "boolean" ? verdict : rule.met.allowed === "no";
      if (trace !== null) traceCondition(trace, rule, applies, verdict);
      if (applies) return rule;
    } else if (trace !== null) traceMatch(trace, rule, request.principal, mismatch);
  }
  return null;
}

/** The refusal that names the missing scopes, or null when none is missing. */
function findLackingScopes(access: CompiledAccess, principal: Principal, trace: Trace | null): Decision | null {
  let first: string | null = null;
  let count = 0;
  for (const scope of access.scopes) {
    if (principal.scopes.includes(scope)) continue;
    first ??= scope;
    count++;
  }
  if (trace !== null) traceScopes(trace, access, principal);
  if (first === null) return null;
  const prepared = count === 1 ? access.lacks.get(first) : undefined;
  if (prepared !== undefined) return prepared;
  const lacking = access.scopes.filter((scope) => !principal.scopes.includes(scope));
  return toLacking(access.label, lacking);
}
