// Calls that were about to have an effect, until it is known what became of them.
import type { Kysely } from "kysely";
import type { AuditEvent } from "../../../ports/audit-sink.ts";
import type { Tables } from "../database.ts";
import { toStoredText } from "../stored-text.ts";
import { createChunkedStatement, toPlaces } from "./chunked-statement.ts";

type Db = Kysely<Tables>;

const NO_INTENT: Tables["open_intents"] = {
  call_id: "",
  writer: "",
  tenant: "",
  principal: "",
  tool: "",
  version: "",
  idempotency_key: null,
  at: 0,
};

interface Intent {
  readonly writer: string;
  readonly event: AuditEvent;
}

const OPEN = createChunkedStatement<Intent>(
  (db, count) =>
    db
      .insertInto("open_intents")
      .values(toPlaces(count, () => NO_INTENT))
      .onConflict((conflict) => conflict.column("call_id").doNothing()),
  ({ writer, event: { callId, tenant, principal, tool, version, idempotencyKey, at } }) => [
    ...[toStoredText(callId ?? ""), writer, toStoredText(tenant), toStoredText(principal ?? "")],
    ...[toStoredText(tool), version ?? "", idempotencyKey === null ? null : toStoredText(idempotencyKey)],
    Math.trunc(at),
  ],
);
const CLOSE = createChunkedStatement<string>(
  (db, count) =>
    db.deleteFrom("open_intents").where(
      "call_id",
      "in",
      toPlaces(count, () => ""),
    ),
  (callId) => [toStoredText(callId)],
);

/** Opens the intents of these events. */
export async function openIntents(db: Db, writer: string, events: readonly AuditEvent[]): Promise<void> {
  await OPEN.run(
    db,
    events.map((event) => ({ writer, event })),
  );
}

/** Closes the intents of these calls, those that are open. */
export async function closeIntents(db: Db, callIds: Iterable<string>): Promise<void> {
  await CLOSE.run(db, [...callIds]);
}
