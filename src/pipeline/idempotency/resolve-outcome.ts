// Ends what is not known of a call: an operator, the tool's own status check, or the handler that ended late says whether
// the effect happened. From then on the same key gets that answer, or the key is free when nothing happened.
import { isObject } from "../../kernel/json.ts";
import { isPromiseLike } from "../../kernel/maybe-promise.ts";
import type { ResolvedOutcome, UnknownOutcome } from "../../ports/outcome-store.ts";
import type { EffectReport, StatusCheck } from "../../tool/resilience.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";
import { createSchema } from "../../tool/schema/create-schema.ts";
import { checkOutput } from "../../tool/schema/check-output.ts";
import { withinTime } from "../deadline.ts";
import type { Environment } from "../environment.ts";
import { toGoneMeta } from "../outcomes.ts";
import { AFTER_CALL_MS } from "../run-hooks.ts";
import { isKnown, toAppliedText, toListedKey, toStoredMeta, toPassedKey } from "./record.ts";

type Known = Exclude<EffectReport, { readonly effect: "unknown" }>;

/** Takes the outcome off the list. False when it is not listed any more: somebody else was first. */
export async function resolveOutcome(
  environment: Environment,
  outcome: UnknownOutcome,
  report: Known,
  by: ResolvedOutcome["by"],
): Promise<boolean> {
  const { clock, outcomes } = environment;
  try {
    if (!(await outcomes.remove(outcome.id))) return false;
    await withinTime(clock, AFTER_CALL_MS, "the store of keys", settleRecord(environment, outcome, report));
    // A call that came between the two found it neither listed nor known, and has listed it again.
    await outcomes.remove(outcome.id);
  } catch (error) {
    // Not lost: it is listed again, also when the list has taken it off and failed to say so. Whoever resolves it is told.
    await outcomes.add(outcome);
    throw error;
  }
  environment.report({ kind: "outcome.resolved", outcome, effect: report.effect, by });
  return true;
}

async function settleRecord(environment: Environment, outcome: UnknownOutcome, report: Known): Promise<void> {
  const key = toListedKey(outcome);
  const { idempotency, idempotencyKeepMs } = environment;
  const record = key === null ? null : await idempotency.read(key);
  if (key === null || record === null || record.owner !== outcome.id) return;
  // What is known already is true: its owner has ended after all, or somebody else has asked.
  if (isKnown(record)) return;
  if (report.effect === "none") {
    await idempotency.release(key, outcome.id);
    return;
  }
  const tool = findTool(environment, outcome);
  const digest = findDigest(environment, outcome);
  const meta = record.state === "stored" ? toStoredMeta(record.outcome) : toGoneMeta(outcome, digest);
  const known = await toKnownOutput(tool ?? (await readStoredOutput(environment, outcome)), report);
  await idempotency.store(key, outcome.id, toAppliedText(meta, known), idempotencyKeepMs);
}

/** The output, when it is one the tool may have. */
async function toKnownOutput(
  tool: Pick<PublishedTool, "output"> | null,
  report: Known & { readonly effect: "applied" },
): Promise<{ readonly output: unknown } | null> {
  if (tool === null || !("output" in report)) return null;
  const checked = await checkOutput(tool, report.output);
  return checked.ok ? { output: checked.value } : null;
}

/** What the version that ran may give, from the store, where this process has no code for it; null when that is not known. */
async function readStoredOutput(
  { catalogue }: Environment,
  { tool, version }: UnknownOutcome,
): Promise<Pick<PublishedTool, "output"> | null> {
  const definition = await catalogue.store?.definition(tool, version);
  if (!isObject(definition)) return null;
  const schema = definition["outputSchema"] ?? null;
  if (schema === null) return { output: null };
  const created = createSchema(schema, "output", { path: `${tool}@${version}: output` });
  return created.ok ? { output: created.schema } : null;
}

function findDigest({ catalogue }: Environment, { tool, version }: UnknownOutcome): string | null {
  const found = catalogue.find(tool);
  const published = found?.versions.find((entry) => entry.tool.version.version === version)?.tool.version.digest;
  return published ?? found?.absent.find((absent) => absent.version === version)?.digest ?? null;
}

/** The version that ran; null when this process has no code for it. */
export function findTool({ catalogue }: Environment, { tool, version }: UnknownOutcome): PublishedTool | null {
  const versions = catalogue.snapshot.get(tool)?.versions ?? [];
  return versions.find((entry) => entry.tool.version.version === version)?.tool ?? null;
}

/** Asks the tool itself, when it can be asked and the call had a key. Never throws: who does not answer does not know. */
export async function askStatus(environment: Environment, outcome: UnknownOutcome): Promise<EffectReport> {
  const tool = findTool(environment, outcome);
  const status = tool?.definition.status as StatusCheck | undefined;
  const key = toListedKey(outcome);
  if (tool === null || status === undefined || key === null) return { effect: "unknown" };
  // Read before the question: a handler that ends while it is asked has not been seen by the tool.
  const lingers = environment.lingering.has(outcome.id);
  const controller = new AbortController();
  try {
    const answer = status(toPassedKey(key), { app: environment.app, signal: controller.signal });
    const timeoutMs = tool.version.timeoutMs ?? environment.timeoutMs;
    const report = isPromiseLike(answer)
      ? await withinTime(environment.clock, timeoutMs, `status of ${outcome.tool}`, answer)
      : answer;
    const checked = checkReport(report);
    return lingers && checked.effect === "none" ? { effect: "unknown" } : checked;
  } catch (error) {
    const { tool: name, version } = outcome;
    environment.report({ kind: "tool.failed", callId: outcome.id, tool: name, version, error });
    return { effect: "unknown" };
  } finally {
    controller.abort(new DOMException("The question has been answered, or has taken too long.", "AbortError"));
  }
}

const EFFECTS: readonly unknown[] = ["applied", "none", "unknown"];

function checkReport(report: unknown): EffectReport {
  if (EFFECTS.includes((report as { readonly effect?: unknown } | null)?.effect)) return report as EffectReport;
  throw new TypeError('status: expected { effect: "applied", "none" or "unknown" }');
}
