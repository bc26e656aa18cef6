// Who changes the catalogue, why, and from which state of it: the options that every act on it takes.
import { createPrincipal, type Principal, type PrincipalInput } from "../../call/principal.ts";
import { toProblemsError, type Problem } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import type { Change } from "../../ports/catalog-store.ts";
import { checkKeys, toKind, toRangeProblem } from "../options.ts";

export interface ActOptions {
  /** Who does it: kept with what changes, and in the audit trail. @default the program itself */
  readonly principal?: PrincipalInput;
  /** Why, 1 to 1,024 characters; kept like `principal`. @default none */
  readonly reason?: string;
  /** Refuses with REVISION_CONFLICT unless the tool has this revision; see `Registry.life`. @default any */
  readonly expectedRevision?: number;
}

/** Who and why alone, of acts that are made from no state. */
export type ActOrigin = Pick<ActOptions, "principal" | "reason">;

/** Options as an act needs them. */
export interface ActBasis {
  readonly principal: Principal | null;
  readonly change: Change;
  readonly expectedRevision: number | null;
}

/** What lets something through that would be refused. */
export interface Force {
  /** Why, 1 to 1,024 characters; kept and audited. */
  readonly reason: string;
}

const KEYS: readonly (keyof ActOptions)[] = ["principal", "reason", "expectedRevision"];
const MAX_REASON = 1_024;
// oxlint-disable-next-line no-control-regex -- Control characters are what it looks for.
const REASON = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+$/;

/** The options of the act `what`, checked; `more` are the names of its own. Throws INVALID_OPTION or a TypeError. */
export function readActOptions(
  what: string,
  options: ActOptions,
  { now, more = [] }: { readonly now: number; readonly more?: readonly string[] },
): ActBasis {
  checkKeys(what, options, [...KEYS, ...more]);
  const { principal: given, reason, expectedRevision } = options;
  const problems = [
    ...toReasonProblem("reason", reason),
    ...toRangeProblem("expectedRevision", expectedRevision, 0, Number.MAX_SAFE_INTEGER),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${what}: options have problems.`, problems);
  const principal = given === undefined ? null : createPrincipal(given);
  const by = principal === null ? null : `${principal.tenant}/${principal.id}`;
  const change: Change = Object.freeze({ at: now, by, reason: reason ?? null });
  return { principal, change, expectedRevision: expectedRevision ?? null };
}

/** The reason of a `force` option; null when there is none. Throws INVALID_OPTION. */
export function readForce(what: string, force: Force | undefined): string | null {
  if (force === undefined) return null;
  const problems = isObject(force)
    ? toReasonProblem("force.reason", force.reason ?? "")
    : [{ path: "force", message: `received ${toKind(force)}, expected { reason }` }];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${what}: options have problems.`, problems);
  return force.reason;
}

function toReasonProblem(path: string, reason: unknown): readonly Problem[] {
  if (reason === undefined) return [];
  if (typeof reason === "string" && reason.length <= MAX_REASON && REASON.test(reason) && reason.isWellFormed()) {
    return [];
  }
  const received = typeof reason === "string" ? `${reason.length} characters` : toKind(reason);
  return [
    { path, message: `received ${received}, expected a text of 1 to 1,024 characters without control characters` },
  ];
}
