// What `decide` looked at, for explain. Written by the deciding function itself, so that the two cannot disagree.
import type { Principal } from "../call/principal.ts";
import type { CompiledAccess } from "./compile-access.ts";
import type { Mismatch, Rule } from "./rule.ts";

export interface Considered {
  readonly rule: string;
  readonly matched: boolean;
  readonly why: string;
}

/** By what was looked at, in order; a second look replaces the first. */
export type Trace = Map<object, Considered>;

/** Whether the rule fits the principal. */
export function traceMatch(trace: Trace, rule: Rule, principal: Principal, mismatch: Mismatch | null): void {
  const why = mismatch === null ? describeFit(rule) : describeMismatch(rule, principal, mismatch);
  trace.set(rule, { rule: rule.label, matched: mismatch === null, why });
}

/** Whether the condition of a rule that fits holds; `verdict` is how it failed where it is text. */
export function traceCondition(trace: Trace, rule: Rule, applies: boolean, verdict: boolean | string): void {
  const why =
    typeof verdict === "string"
      ? `the condition gave no answer (${verdict}), which refuses`
      : `the condition ${verdict ? "holds" : "does not hold"} for these arguments`;
  trace.set(rule, { rule: rule.label, matched: applies, why });
}

/** Whether the tool is offered to the principal's tenant. */
export function traceTenant(trace: Trace, { label, tenants }: CompiledAccess, inside: boolean): void {
  const why = `the tool is ${inside ? "" : "not "}offered to the principal's tenant`;
  if (tenants !== null) trace.set(tenants, { rule: label, matched: inside, why });
}

/** Whether the principal holds the scopes that the tool needs. */
export function traceScopes(trace: Trace, { label, scopes }: CompiledAccess, principal: Principal): void {
  const lacking = scopes.filter((scope) => !principal.scopes.includes(scope));
  const why = lacking.length === 0 ? "the principal holds every scope needed" : `the principal lacks ${quote(lacking)}`;
  trace.set(scopes, { rule: label, matched: lacking.length === 0, why });
}

function describeFit(rule: Rule): string {
  const open = rule.when === null ? "" : ", on a condition about the arguments";
  const effect = rule.met.allowed === "no" ? "denies" : "allows";
  return `fits the principal and ${effect}${open}`;
}

function describeMismatch(rule: Rule, principal: Principal, mismatch: Mismatch): string {
  switch (mismatch) {
    case "tenant":
      return "not for the principal's tenant";
    case "principal":
      return "does not name this principal";
    case "role":
      return `for holders of ${quote(rule.roles ?? [])}, the principal has ${quote(principal.roles)}`;
    case "scope":
      return `needs ${quote(rule.scopes ?? [])}, the principal has ${quote(principal.scopes)}`;
  }
}

function quote(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => JSON.stringify(name)).join(", ");
}
