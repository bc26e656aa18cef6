// The policies about time and failing, as far as a caller relies on them: how long there is, how old an answer may be, what
// answers when the tool does not, what a model is shown.
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { CACHE_SCOPES, type FallbackData } from "../resilience.ts";
import type { ToolVersion } from "../tool-version.ts";
import { type ContractChange, toChange } from "./contract-change.ts";
import type { Judgement } from "./field-rule.ts";

/** Deadlines. `whenNull`: what null stands for, in words; `longest`: whether nothing that is said is longer. */
export function judgeTime(
  before: number | null,
  after: number | null,
  { whenNull, longest }: { readonly whenNull: string; readonly longest: boolean },
): Judgement {
  if (after === null && longest) return ["cosmetic", `is ${whenNull}, ${before} ms before`];
  if (before === null && longest) return ["breaking", `is ${after} ms, ${whenNull} before`];
  if (before === null || after === null)
    return ["breaking", `cannot be compared: ${before ?? after} ms and ${whenNull}, which the definition does not say`];
  return after < before
    ? ["breaking", `is ${after} ms, ${before} ms before: calls that took longer fail`]
    : ["cosmetic", `is ${after} ms, ${before} ms before`];
}

/** How old an answer may be, and whose it may be. */
export function judgeCache(before: ToolVersion["cache"], after: ToolVersion["cache"]): Judgement {
  if (after === null) return ["cosmetic", "answers are no longer kept"];
  if (before === null) return ["breaking", `answers may be up to ${toAge(after)} ms old; none was kept before`];
  if (CACHE_SCOPES.indexOf(after.scope) > CACHE_SCOPES.indexOf(before.scope))
    return ["breaking", `answers are shared within ${after.scope}, ${before.scope} before`];
  const isOlder =
    after.ttlMs > before.ttlMs || toAge(after) > toAge(before) || after.staleIfErrorMs > before.staleIfErrorMs;
  return isOlder
    ? ["breaking", `answers may be up to ${toAge(after)} ms old, ${toAge(before)} ms before`]
    : ["cosmetic", "answers are kept for a shorter time, or for fewer callers"];
}

function toAge(cache: NonNullable<ToolVersion["cache"]>): number {
  return cache.ttlMs + Math.max(cache.staleWhileRevalidateMs, cache.staleIfErrorMs);
}

/** What answers when the tool itself does not. */
export function judgeFallback(before: FallbackData | null, after: FallbackData | null): Judgement {
  if (after === null) return ["breaking", "nothing answers any more when the tool fails"];
  if (before === null) return ["widening", "something answers now when the tool fails, marked as degraded"];
  if (after.kind === "value" && before.kind === "value")
    return ["instruction", "models are shown another value when the tool fails"];
  if (after.kind !== before.kind)
    return ["breaking", `a ${after.kind} answers when the tool fails, a ${before.kind} before`];
  if (after.kind === "tool" && before.kind === "tool" && after.tool !== before.tool)
    return ["breaking", `${after.tool} answers when the tool fails, ${before.tool} before`];
  return ["cosmetic", "another part of the time is kept back for what answers when the tool fails"];
}

type ResultField = NonNullable<ToolVersion["result"]>;
const SHOWN_WHOLE: ResultField = { maxBytes: null, redactPaths: [], redactPatterns: [] };

/** How much of a result a model is shown. */
export function compareResult(
  before: ToolVersion["result"],
  after: ToolVersion["result"],
  path: string,
): readonly ContractChange[] {
  const [old, now] = [before ?? SHOWN_WHOLE, after ?? SHOWN_WHOLE];
  const changes = [
    ...compareBytes(old.maxBytes, now.maxBytes, `${path}/maxBytes`),
    ...compareRedactions(old.redactPaths, now.redactPaths, `${path}/redactPaths`),
    ...compareRedactions(old.redactPatterns, now.redactPatterns, `${path}/redactPatterns`),
  ];
  if (changes.length > 0) return changes;
  return [toChange("cosmetic", path, "is written differently and shows the same", { before, after })];
}

function compareBytes(before: number | null, after: number | null, path: string): readonly ContractChange[] {
  if (before === after) return [];
  if (before === null || after === null) {
    const message = `cannot be compared: ${before ?? after} bytes and the binding's own limit, which the definition does not say`;
    return [toChange("breaking", path, message, { before, after })];
  }
  const message = `models are shown ${after} bytes, ${before} before`;
  return [toChange(after < before ? "breaking" : "widening", path, message, { before, after })];
}

function compareRedactions(
  before: readonly string[],
  after: readonly string[],
  path: string,
): readonly ContractChange[] {
  if (isJsonEqual(before, after)) return [];
  const changes: ContractChange[] = [];
  if (after.some((entry) => !before.includes(entry)))
    changes.push(toChange("breaking", path, "models are no longer shown what is taken out now", { before, after }));
  if (before.some((entry) => !after.includes(entry)))
    changes.push(toChange("widening", path, "models are shown what was taken out before", { before, after }));
  return changes.length > 0 ? changes : [toChange("cosmetic", path, "is in another order", { before, after })];
}
