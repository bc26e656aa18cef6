// Ends what writers that run no more have left open. A call whose intent is there without an outcome had its effect or had not: from now
// on it is listed as unknown, and its key waits no longer. Where its outcome is kept under its key, only its event is missing.
import { type Kysely, sql } from "kysely";
import type { EffectState } from "../../../errors/tool-error.ts";
import type { AuditEvent } from "../../../ports/audit-sink.ts";
import type { UnknownOutcome } from "../../../ports/outcome-store.ts";
import type { Tables } from "../database.ts";
import { fromStoredText } from "../stored-text.ts";
import type { ChainWork } from "./anchor-others.ts";
import { createChunkedStatement, toPlaces } from "./chunked-statement.ts";
import { listOutcomes } from "./outcome-writer.ts";
import { isRunning } from "./process-mark.ts";

type Db = Kysely<Tables>;

/** Ends what is open of all dead writers; what is not known of it. Two that look at once share it: each intent is taken by one. */
export async function recoverDead(work: ChainWork): Promise<readonly UnknownOutcome[]> {
  const { transaction, dialect, writer: own, now } = work;
  const open = await transaction
    .selectFrom("audit_chains")
    .select(["writer", "host", "pid", "process_started", "seen_at"])
    .where("closed_at", "is", null)
    .where("writer", "!=", own.writer)
    .orderBy("writer")
    // Whose row is locked is at work.
    .$if(dialect === "postgres", (query) => query.forUpdate().skipLocked())
    .execute();
  const recovered: UnknownOutcome[] = [];
  for (const { writer, host, pid, process_started: started, seen_at: seenAt } of open) {
    if (isRunning({ host, pid, started }, seenAt, now)) continue;
    await transaction.updateTable("audit_chains").set({ closed_at: now }).where("writer", "=", writer).execute();
    recovered.push(...(await recoverIntents(work, writer)));
  }
  return recovered;
}

async function recoverIntents(work: ChainWork, writer: string): Promise<readonly UnknownOutcome[]> {
  const { transaction, now } = work;
  const rows = await transaction.deleteFrom("open_intents").where("writer", "=", writer).returningAll().execute();
  const outcomes = rows.map(toUnknown);
  const known = await readKnown(transaction, outcomes);
  const unknown = outcomes.filter(({ id }) => !known.has(id));
  await listOutcomes(transaction, unknown);
  await ABANDON.run(
    transaction,
    unknown.map(({ id }) => id),
  );
  await work.writer.append(
    transaction,
    outcomes.map((outcome) => ({
      at: now,
      kind: "call.recovered",
      body: toEvent(outcome, known.get(outcome.id) ?? UNKNOWN, now),
    })),
  );
  return unknown;
}

const ABANDON = createChunkedStatement<string>(
  (db, count) =>
    db
      .updateTable("claims")
      // Over, whatever clock looks at it.
      .set({ lease_until: sql`0` })
      .where(
        "owner",
        "in",
        toPlaces(count, () => ""),
      )
      .where("outcome", "is", null),
  (id) => [id],
);

const OUTCOMES = createChunkedStatement<string, Pick<Tables["claims"], "owner" | "outcome">>(
  (db, count) =>
    db
      .selectFrom("claims")
      .select(["owner", "outcome"])
      .where(
        "owner",
        "in",
        toPlaces(count, () => ""),
      )
      .where("outcome", "is not", null),
  (id) => [id],
);

interface Known {
  readonly code: AuditEvent["code"];
  readonly effect: EffectState;
}

const UNKNOWN: Known = { code: "OUTCOME_UNKNOWN", effect: "unknown" };

/** Of calls whose outcome is kept, and says what became of the effect. */
async function readKnown(db: Db, outcomes: readonly UnknownOutcome[]): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  for (const { owner, outcome } of await OUTCOMES.run(
    db,
    outcomes.map(({ id }) => id),
  )) {
    const kept = readOutcome(outcome ?? "");
    if (kept !== null) known.set(owner, kept);
  }
  return known;
}

/** What a kept outcome says of the effect; null when it says nothing. Its form is that of an Outcome, as JSON. */
function readOutcome(text: string): Known | null {
  try {
    const { ok, error } = JSON.parse(text) as {
      readonly ok?: unknown;
      readonly error?: { readonly code?: AuditEvent["code"]; readonly effect?: unknown };
    };
    if (ok === true) return { code: null, effect: "applied" };
    const effect = error?.effect;
    return effect === "applied" || effect === "none" ? { code: error?.code ?? null, effect } : null;
  } catch {
    return null;
  }
}

function toUnknown(row: Tables["open_intents"]): UnknownOutcome {
  return {
    id: fromStoredText(row.call_id),
    tenant: fromStoredText(row.tenant),
    principal: fromStoredText(row.principal),
    tool: fromStoredText(row.tool),
    version: row.version,
    code: "OUTCOME_UNKNOWN",
    at: row.at,
    idempotencyKey: row.idempotency_key === null ? null : fromStoredText(row.idempotency_key),
  };
}

function toEvent(outcome: UnknownOutcome, { code, effect }: Known, now: number): AuditEvent {
  return {
    type: "call.recovered",
    at: now,
    tenant: outcome.tenant,
    principal: outcome.principal,
    roles: [],
    ip: null,
    callId: outcome.id,
    parentCallId: null,
    tool: outcome.tool,
    version: outcome.version,
    digest: null,
    code,
    attempts: 0,
    answeredBy: null,
    effect,
    durationMs: 0,
    idempotencyKey: outcome.idempotencyKey,
    arguments: undefined,
    details: undefined,
  };
}
