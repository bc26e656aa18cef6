// What a difference in each field of a published definition means: one table, from which the documentation is checked too.
// A field without a rule does not compile; docs/versions.md says the same: field-rules.docs.test.ts.
import { EFFECTS } from "../effect.ts";
import type { ToolVersion } from "../tool-version.ts";
import { compareAccess } from "./compare-access.ts";
import { compareConcurrency, compareLimits, judgeCost } from "./compare-limits.ts";
import { compareResult, judgeCache, judgeFallback, judgeTime } from "./compare-policies.ts";
import { compareInput, compareOutput } from "./compare-schemas.ts";
import { compareExamples, judgeText } from "./compare-text.ts";
import { type FieldRule, toRule, toWholeRule } from "./field-rule.ts";

/** Not compared: that the two differ here is why they are compared. */
const IDENTITY: FieldRule = { classes: {}, compare: () => [] };

/** A rule for a field that callers and models do not rely on. */
function toCosmeticRule(field: keyof ToolVersion, what: string): FieldRule {
  return toWholeRule(field, { cosmetic: "any difference" }, () => ["cosmetic", what]);
}

/** A rule for a promise that is there or not. */
function toPromiseRule(field: "idempotent" | "honoursKeys" | "statusCheck", promise: string): FieldRule {
  return toWholeRule(field, { breaking: "lost", widening: "gained" }, (_before, after) =>
    after ? ["widening", `${promise} from now on`] : ["breaking", `no longer: ${promise}`],
  );
}

const SHARED_TEXT = { instruction: "any difference in words", cosmetic: "white space alone" } as const;

/** A rule for each field, in the order of the definition. */
export const FIELD_RULES: Readonly<Record<keyof ToolVersion, FieldRule>> = Object.freeze({
  name: toWholeRule("name", { breaking: "any difference: another tool" }, () => ["breaking", "is another tool"]),
  version: IDENTITY,
  title: toWholeRule("title", SHARED_TEXT, judgeText),
  description: toWholeRule("description", SHARED_TEXT, judgeText),
  category: toCosmeticRule("category", "is listed under another category"),
  tags: toCosmeticRule("tags", "has other tags"),
  effect: toWholeRule("effect", { breaking: "raised", widening: "lowered" }, (before, after) =>
    EFFECTS.indexOf(after) > EFFECTS.indexOf(before)
      ? ["breaking", `a call is ${after} now, ${before} before`]
      : ["widening", `a call is ${after} only, ${before} before`],
  ),
  idempotent: toPromiseRule("idempotent", "repeating a call changes nothing more"),
  honoursKeys: toPromiseRule("honoursKeys", "a call repeated with its key has its effect once"),
  inputSchema: toRule(
    "inputSchema",
    {
      breaking: "accepts less, a member gone, another default; what cannot be compared",
      widening: "accepts more, a new optional member",
      instruction: "another title, description, example or other text; a default where there was none",
      cosmetic: "written differently, order, white space, names of definitions",
    },
    compareInput,
  ),
  outputSchema: toRule(
    "outputSchema",
    {
      breaking: "promises less: more can come, a member gone or no longer required; what cannot be compared",
      widening: "promises more: less can come, a new member where others were not ruled out",
      instruction: "another title, description, default, example or other text",
      cosmetic: "written differently, order, white space, names of definitions",
    },
    compareOutput,
  ),
  examples: toRule("examples", { instruction: "added, changed or gone", cosmetic: "order" }, compareExamples),
  access: toRule(
    "access",
    {
      breaking: "a role, principal or tenant gone; tenants named where all could; a scope added",
      widening: "a role, principal or tenant added; tenants no longer named; a scope gone",
      cosmetic: "order",
    },
    compareAccess,
  ),
  limits: toRule(
    "limits",
    {
      breaking: "a new limit; one that allows less, or cannot be compared",
      widening: "a limit gone; one that allows more or applies to fewer roles",
      cosmetic: "order, defaults written out",
    },
    compareLimits,
  ),
  concurrency: toRule(
    "concurrency",
    {
      breaking: "a new limit; one that allows less, or cannot be compared",
      widening: "a limit gone; one that allows more or applies to fewer roles",
      cosmetic: "order, defaults written out",
    },
    compareConcurrency,
  ),
  cost: toWholeRule("cost", { breaking: "higher; computed or no longer computed", widening: "lower" }, judgeCost),
  timeoutMs: toWholeRule(
    "timeoutMs",
    { breaking: "shorter; said or no longer said", cosmetic: "longer" },
    (before, after) => judgeTime(before, after, { whenNull: "the registry's deadline", longest: false }),
  ),
  exactNumbers: toWholeRule(
    "exactNumbers",
    { breaking: "no longer said; text to bigint", widening: "said for the first time; bigint to text" },
    (before, after) =>
      after === null || (before === "text" && after === "bigint")
        ? ["breaking", `fewer numbers that a double cannot hold are accepted: ${after ?? "none"}, ${before} before`]
        : ["widening", `more numbers that a double cannot hold are accepted: ${after}, ${before ?? "none"} before`],
  ),
  source: toCosmeticRule("source", "is made of something else, behind the same contract"),
  upstream: toCosmeticRule("upstream", "shares its breaker, bulkhead and retry budget with other tools"),
  attemptTimeoutMs: toWholeRule(
    "attemptTimeoutMs",
    { breaking: "shorter; said where it was not", cosmetic: "longer; no longer said" },
    (before, after) => judgeTime(before, after, { whenNull: "as long as the call", longest: true }),
  ),
  retry: toCosmeticRule("retry", "repeats after a failure at other times; what may be repeated is the effect's to say"),
  breaker: toCosmeticRule("breaker", "is left alone at other times when it fails"),
  bulkhead: toCosmeticRule("bulkhead", "another number of calls runs or waits; no caller was promised a place"),
  cache: toWholeRule(
    "cache",
    { breaking: "added; older answers; shared by more callers", cosmetic: "gone; fresher answers; shared by fewer" },
    judgeCache,
  ),
  fallback: toWholeRule(
    "fallback",
    {
      breaking: "gone; another kind or another tool",
      widening: "added",
      instruction: "another value",
      cosmetic: "time kept back",
    },
    judgeFallback,
  ),
  statusCheck: toPromiseRule("statusCheck", "the tool can say what became of a lost call"),
  result: toRule(
    "result",
    {
      breaking: "fewer bytes; bytes said or no longer said; more taken out",
      widening: "more bytes; less taken out",
      cosmetic: "order",
    },
    compareResult,
  ),
  digest: IDENTITY,
});
