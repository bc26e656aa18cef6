// Calls whose effect nobody knows of: listed, asked about, resolved. Every resolution is audited, whoever brought it.
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import { askStatus, resolveOutcome } from "../pipeline/idempotency/resolve-outcome.ts";
import type { OutcomeFilter, UnknownOutcome, ResolvedOutcome } from "../ports/outcome-store.ts";
import type { Outcomes } from "./operations.ts";
import { intendAct, recordAct } from "./acts.ts";
import { checkKeys, toKind, toRangeProblem } from "./options.ts";

const FILTER_KEYS: readonly (keyof OutcomeFilter)[] = ["tenant", "tool", "limit", "after"];
const PAGE = 100;
const ASKERS = 16;
const MAX_REASON = 1_024;

/** The unknown outcomes of a registry. */
export function createOutcomes(environment: Environment): Outcomes {
  const { outcomes } = environment;

  const find = async (id: string): Promise<UnknownOutcome> => {
    const outcome = await outcomes.get(id);
    if (outcome !== null) return outcome;
    throw toUnlisted(id);
  };

  return {
    async list(filter = {}) {
      checkKeys("outcomes.list", filter, FILTER_KEYS);
      const [problem] = toRangeProblem("limit", filter.limit, 1, 1_000);
      if (problem !== undefined)
        throw new ToolyardError("INVALID_OPTION", `outcomes.list: ${problem.path}: ${problem.message}`);
      return outcomes.list(filter);
    },

    async resolve(id, report, options = {}) {
      checkKeys("outcomes.resolve", options, ["principal", "reason"]);
      checkReport(report);
      checkReason(options.reason);
      const principal = options.principal === undefined ? undefined : environment.principals.check(options.principal);
      const outcome = await find(id);
      const act = {
        version: outcome.version,
        ...(principal && { principal }),
        details: { callId: id, effect: report.effect, by: "operator", reason: options.reason ?? null },
      };
      await intendAct(environment, "outcome.resolved", outcome.tool, act);
      if (!(await resolveOutcome(environment, outcome, report, "operator"))) throw toUnlisted(id);
      await recordAct(environment, "outcome.resolved", outcome.tool, act);
    },

    check: async (id) => (id === undefined ? askAll(environment) : Number(await ask(environment, await find(id)))),
  };
}

/** How many of those listed are known, once their tools were asked. */
async function askAll(environment: Environment): Promise<number> {
  let known = 0;
  let after: string | undefined;
  for (;;) {
    const page = await environment.outcomes.list({ limit: PAGE, ...(after !== undefined && { after }) });
    known += await askSome(environment, page);
    after = page.at(-1)?.id;
    if (page.length < PAGE) return known;
  }
}

/** Some at a time: a tool that does not answer must not make everybody wait for all of its timeouts. */
async function askSome(environment: Environment, page: readonly UnknownOutcome[]): Promise<number> {
  const left = [...page];
  let known = 0;
  const asker = async (): Promise<void> => {
    for (let outcome = left.shift(); outcome !== undefined; outcome = left.shift())
      if (await ask(environment, outcome)) known++;
  };
  await Promise.all(Array.from({ length: ASKERS }, asker));
  return known;
}

async function ask(environment: Environment, outcome: UnknownOutcome): Promise<boolean> {
  const report = await askStatus(environment, outcome);
  return report.effect !== "unknown" && resolveOutcome(environment, outcome, report, "status");
}

/** Audits what was not resolved by an operator, who says more about it. */
export async function recordResolution(
  environment: Environment,
  { outcome, effect, by }: ResolvedOutcome,
): Promise<void> {
  if (by === "operator") return;
  const { tool, version, id } = outcome;
  await recordAct(environment, "outcome.resolved", tool, {
    version,
    details: { callId: id, effect, by, reason: null },
  });
}

function toUnlisted(id: string): ToolyardError {
  return new ToolyardError(
    "UNKNOWN_OUTCOME",
    `outcomes: no unknown outcome has the id ${toKind(id)}; it may be resolved`,
  );
}

function checkReason(reason: unknown): void {
  if (reason === undefined || (typeof reason === "string" && reason.length <= MAX_REASON)) return;
  throw new ToolyardError(
    "INVALID_OPTION",
    `outcomes.resolve: reason: received ${toKind(reason)}, expected a text of at most 1,024 characters`,
  );
}

function checkReport(report: unknown): void {
  checkKeys("outcomes.resolve", report, ["effect", "output"]);
  const { effect, output } = report as { readonly effect: unknown; readonly output?: unknown };
  if (effect !== "applied" && effect !== "none") {
    throw new ToolyardError(
      "INVALID_OPTION",
      `outcomes.resolve: effect: received ${toKind(effect)}, expected applied or none`,
    );
  }
  if (effect === "none" && output !== undefined)
    throw new ToolyardError("INVALID_OPTION", "outcomes.resolve: output: is set, but effect is none: nothing happened");
}
