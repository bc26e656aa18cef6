// Puts records and lists of chains into the tables of a ledger as they are, whatever a ledger would have made of them.
import type { Database } from "../../src/stores/sql/database.ts";
import { toRecordRow } from "../../src/stores/sql/record-row.ts";
import { toStoredText } from "../../src/stores/sql/stored-text.ts";
import type { StoredTrail } from "../../src/testing/audit-reader-suite.ts";

const ROWS = 100;

export async function putTrail({ db }: Database, { records, heads, openCalls }: StoredTrail): Promise<void> {
  for (let from = 0; from < records.length; from += ROWS) {
    const rows = records.slice(from, from + ROWS).map(toRecordRow);
    await db.insertInto("audit_records").values(rows).execute();
  }
  for (const { writer, seq, hash } of heads) {
    const head = { head_seq: seq, head_hash: hash, taken: 0 };
    const process = { opened_at: 0, host: "h", pid: 1, process_started: "", seen_at: 0, closed_at: null };
    await db
      .insertInto("audit_chains")
      .values({ writer, ...process, ...head, first_seq: 1, anchored_seq: 0 })
      .execute();
  }
  for (const call_id of openCalls) {
    const call = {
      writer: "a",
      tenant: "t",
      principal: "p",
      tool: "x",
      version: "1.0.0",
      idempotency_key: null,
      at: 0,
    };
    await db
      .insertInto("open_intents")
      .values({ call_id: toStoredText(call_id), ...call })
      .execute();
  }
}
