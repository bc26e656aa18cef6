// What `toolyard import` does.
import { basename } from "node:path";
import { toActEvent } from "../../audit/audit-event.ts";
import {
  applyImport,
  checkPlan,
  type ImportPlan,
  planImport,
  readCatalogue,
  readSecretNames,
} from "../../catalogue-file/index.ts";
import { createPrincipal } from "../../index.ts";
import type { Change } from "../../ports/catalog-store.ts";
import type { StoreReaders } from "../../ports/stores.ts";
import { toRegistryOptions } from "../../server/config/index.ts";
import { printPlan, toSummary } from "./print-plan.ts";
import { readCatalogueFile } from "./read-file.ts";
import { confirm } from "../confirm.ts";
import { loadSessionConfig } from "../load-session-config.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { openState, openStateForReading, type State } from "../state.ts";
import type { Session, VerbOptions } from "../verb.ts";

/** Compares a catalogue file with what is stored and, unless it is a dry run, brings it into it. */
export async function runImport(session: Session, file: string, options: VerbOptions): Promise<ExitCode> {
  const { io, output } = session;
  const { document, toError } = readCatalogue(await readCatalogueFile(io, file), basename(file));
  const change: Change = { at: io.clock.now(), by: "default/cli", reason: readReason(options) };
  const loaded = await loadSessionConfig(session);
  const declared = loaded === null ? {} : toRegistryOptions(loaded.config);
  const look = async (stored: Pick<StoreReaders, "catalog" | "settings" | "secrets">): Promise<ImportPlan> => {
    const plan = await planImport(stored, document, { prune: options["prune"] === true, change });
    const problems = await checkPlan(plan, declared);
    if (problems.length > 0) throw toError(problems);
    const known = await readSecretNames(stored.secrets);
    const missing = document.secrets.filter((name) => !known.includes(name));
    if (missing.length > 0) output.note(`secrets that have no value here yet: ${toSafeLine(missing.join(", "))}`);
    return plan;
  };
  if (options["dryRun"] === true) {
    await using state = await openStateForReading(session);
    report(session, await look(state), true);
    return EXIT.ok;
  }
  await using state = await openState(session);
  return await carryOut(session, state, await look(state), change, options);
}

async function carryOut(
  session: Session,
  state: State,
  plan: ImportPlan,
  change: Change,
  options: VerbOptions,
): Promise<ExitCode> {
  const { io, output } = session;
  if (plan.changes.length === 0) {
    report(session, plan, false);
    return EXIT.ok;
  }
  if (options["yes"] !== true && io.stdin.isTTY === true && !output.json) {
    printPlan(output, plan);
    if (!(await confirm(io, `${toSummary(plan)}. Import?`))) {
      output.note("nothing was changed");
      return EXIT.refused;
    }
  }
  const details = toDetails(plan, change);
  const act = { type: "state.imported", tool: "*", version: null, digest: null, details } as const;
  const principal = createPrincipal({ id: "cli" });
  const intended = { act: "state.imported", details };
  await state.ledger.append(toActEvent({ ...act, principal, intended: true }, change.at, intended), "durable");
  await applyImport(state, plan, change);
  await state.ledger.append(toActEvent({ ...act, principal }, io.clock.now(), details), "durable");
  report(session, plan, false);
  return EXIT.ok;
}

/** Things that the trail names; the file has the rest. */
const MAX_NAMED = 500;

function toDetails({ changes }: ImportPlan, { reason }: Change): Parameters<typeof toActEvent>[2] {
  const named = changes.slice(0, MAX_NAMED).map(({ change, what, name }) => `${change} ${what} ${name}`);
  return { changes: changes.length, named, reason };
}

function report({ output, io }: Session, plan: ImportPlan, dryRun: boolean): void {
  const { changes, unchanged, left } = plan;
  if (output.json) {
    output.data({ dryRun, changes, unchanged, left });
    return;
  }
  if (dryRun || io.stdin.isTTY !== true) printPlan(output, plan);
  output.line(`${toSummary(plan)}${dryRun ? "; nothing was changed" : ""}`);
}

function readReason({ reason }: VerbOptions): string | null {
  return typeof reason === "string" ? reason.slice(0, 1_024) : null;
}
