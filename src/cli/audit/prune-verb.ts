// `toolyard audit prune`: takes what is old, once it has been verified, and leaves what lets the rest be verified.
import { Option } from "commander";
import { planPruning, type PruningPlan } from "../../audit/chain/index.ts";
import { toActEvent } from "../../audit/audit-event.ts";
import { type AuditReader, createPrincipal } from "../../index.ts";
import { parseDuration } from "../duration-option.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openState, openStateForReading } from "../state.ts";
import type { Session, Verb, VerbOptions } from "../verb.ts";
import { createKeyOption, withKey } from "./audit-key-option.ts";
import { runInterruptibly } from "./interruption.ts";
import { toIso } from "./record-text.ts";
import { printResult, toCount, verifyTrail } from "./verify-verb.ts";

export const auditPruneVerb: Verb = {
  name: "audit prune",
  summary: "take old events from the audit trail, so that the rest can still be verified",
  arguments: [],
  options: [
    new Option("--older-than <duration>", "what is older goes: 90d, 365d …")
      .argParser(parseDuration)
      .makeOptionMandatory(),
    new Option("--dry-run", "say what would go, and change nothing"),
    new Option("--anchors <file>", "also check first that the chains still have the heads in this file"),
    createKeyOption(),
  ],
  examples: [
    { command: "audit prune --older-than 365d --dry-run", does: "how much would go" },
    { command: "audit prune --older-than 365d", does: "for a timer: keep a year" },
  ],
  async run(given, _args, options) {
    const session = await withKey(given, options);
    const before = session.io.clock.now() - (options["olderThan"] as number);
    if (options["dryRun"] === true) {
      await using state = await openStateForReading(session);
      return await runPlan(session, options, before, state.auditReader, null);
    }
    await using state = await openState(session);
    return await runPlan(session, options, before, state.auditReader, async ({ pruning, records }) => {
      const details = { before: toIso(before), records, chains: pruning.pruned.length };
      const act = { type: "audit.pruned", tool: "*", version: null, digest: null, details } as const;
      const event = toActEvent({ ...act, principal: createPrincipal({ id: "cli" }) }, session.io.clock.now(), details);
      await state.ledger.prune(pruning, event);
    });
  },
};

/** Verifies, plans, and has `prune` carry the plan out, where there is one. */
async function runPlan(
  session: Session,
  options: VerbOptions,
  before: number,
  reader: AuditReader,
  prune: ((plan: PruningPlan) => Promise<void>) | null,
): Promise<ExitCode> {
  const planned = await runInterruptibly(session.io, async (signal) => {
    const { result } = await verifyTrail(session, options, reader, signal);
    return { result, plan: result.ok ? await planPruning(reader, { before, verified: result, signal }) : null };
  });
  if (planned === null) return EXIT.interrupted;
  const { output } = session;
  const { result, plan } = planned;
  if (!result.ok) {
    if (output.json) output.data({ ...result, records: 0 });
    else printResult(output, result);
    output.note(output.colors.red("nothing was taken: what is wrong might go with what is old"));
    return EXIT.refused;
  }
  if (plan !== null) await prune?.(plan);
  print(session, before, plan, prune === null);
  return EXIT.ok;
}

function print({ output }: Session, before: number, plan: PruningPlan | null, dryRun: boolean): void {
  const records = plan?.records ?? 0;
  if (output.json) output.data({ before, records, chains: plan?.pruning.pruned.length ?? 0, dryRun });
  else if (plan === null) output.line(`Nothing is older than ${toIso(before)}.`);
  else output.line(`${toCount(records, "record")} from before ${toIso(before)} ${dryRun ? "would go" : "taken"}`);
}
