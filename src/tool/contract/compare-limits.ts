// What callers may take: limits and concurrency limits by their names, and what a call costs. Less for anybody is breaking.
import { toConcurrencyName, toLimitName, toScopes } from "../limit-name.ts";
import type { ConcurrencyLimit, Limit } from "../limit.ts";
import type { ToolVersion } from "../tool-version.ts";
import { type ContractChange, toChange, toPointerToken } from "./contract-change.ts";
import type { Judgement } from "./field-rule.ts";

/** The changes between two lists of limits. */
export function compareLimits(
  before: readonly Limit[],
  after: readonly Limit[],
  path: string,
): readonly ContractChange[] {
  return compareNamed(toNamed(before, toLimitName), toNamed(after, toLimitName), path, judgeLimit);
}

/** The changes between two lists of limits of calls that run at once. */
export function compareConcurrency(
  before: readonly ConcurrencyLimit[],
  after: readonly ConcurrencyLimit[],
  path: string,
): readonly ContractChange[] {
  return compareNamed(toNamed(before, toConcurrencyName), toNamed(after, toConcurrencyName), path, (old, now) => {
    const same = judgeSame(old, now);
    if (same !== null) return same;
    if (now.max < old.max) return ["breaking", `${now.max} may run at once, ${old.max} before`];
    return now.max > old.max ? ["widening", `${now.max} may run at once, ${old.max} before`] : null;
  });
}

/** What a call takes from each limit. */
export function judgeCost(before: ToolVersion["cost"], after: ToolVersion["cost"]): Judgement {
  if (before === "computed" || after === "computed")
    return ["breaking", "the cost cannot be compared: one of the two is computed from the input"];
  if (after > before) return ["breaking", `a call costs ${after}, ${before} before: fewer fit into a limit`];
  return ["widening", `a call costs ${after}, ${before} before: more fit into a limit`];
}

function toNamed<T>(limits: readonly T[], toName: (limit: T) => string): ReadonlyMap<string, T> {
  return new Map(limits.map((limit) => [toName(limit), limit]));
}

function compareNamed<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  path: string,
  judge: (before: T, after: T) => Judgement | null,
): readonly ContractChange[] {
  const changes: ContractChange[] = [];
  for (const [name, old] of before) {
    const place = `${path}${toPointerToken(name)}`;
    const now = after.get(name);
    const judgement: Judgement | null =
      now === undefined ? ["widening", `the limit ${JSON.stringify(name)} is gone`] : judge(old, now);
    if (judgement !== null) changes.push(toChange(...judgementAt(judgement, place), { before: old, after: now }));
  }
  for (const [name, now] of after) {
    if (before.has(name)) continue;
    const message = `the limit ${JSON.stringify(name)} is new: calls that passed may be refused`;
    changes.push(toChange("breaking", `${path}${toPointerToken(name)}`, message, { after: now }));
  }
  if (changes.length > 0) return changes;
  return [toChange("cosmetic", path, "is written differently and limits the same", {})];
}

function judgementAt([kind, message]: Judgement, path: string): readonly [Judgement[0], string, string] {
  return [kind, path, message];
}

/** What has to be the same for two limits to be comparable by their numbers. */
function judgeSame(old: Limit | ConcurrencyLimit, now: Limit | ConcurrencyLimit): Judgement | null {
  if (toScopes(old.per).join() !== toScopes(now.per).join())
    return ["breaking", "is kept for each of others: who shares a quota has changed"];
  const [rolesBefore, rolesNow] = [old.roles ?? null, now.roles ?? null];
  if (rolesBefore === null ? rolesNow === null : rolesNow?.toSorted().join("\0") === rolesBefore.toSorted().join("\0"))
    return null;
  const isNarrower =
    rolesNow !== null && (rolesBefore === null || rolesNow.every((role) => rolesBefore.includes(role)));
  return isNarrower
    ? ["widening", "applies to fewer roles than before"]
    : ["breaking", "applies to roles that it did not apply to"];
}

function judgeLimit(old: Limit, now: Limit): Judgement | null {
  const same = judgeSame(old, now);
  if (same !== null) return same;
  const [a, b] = [toTerms(old), toTerms(now)];
  if (a.kind !== b.kind) return ["breaking", `is a ${b.kind} in place of a ${a.kind}: the two cannot be compared`];
  const words = `${now.capacity} in ${now.windowMs} ms, ${old.capacity} in ${old.windowMs} ms before`;
  if (b.atOnce < a.atOnce || b.perMs < a.perMs || isLongerWindow(a, b)) return ["breaking", `allows less: ${words}`];
  return b.atOnce === a.atOnce && b.perMs === a.perMs ? null : ["widening", `allows more: ${words}`];
}

interface Terms {
  readonly kind: "token-bucket" | "fixed-window";
  readonly atOnce: number;
  readonly perMs: number;
  readonly windowMs: number;
}

function toTerms({ algorithm = "token-bucket", burst, capacity, windowMs }: Limit): Terms {
  const atOnce = algorithm === "fixed-window" ? capacity : (burst ?? capacity);
  return { kind: algorithm, atOnce, perMs: capacity / windowMs, windowMs };
}

/** A fixed window gives nothing back before its end: in a longer one whoever has taken everything waits longer. */
function isLongerWindow(a: Terms, b: Terms): boolean {
  return a.kind === "fixed-window" && b.windowMs > a.windowMs;
}
