// What the ledger is measured with: events as calls leave them, the records they become, and the same rows inserted by hand.
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type pg from "pg";
import { createChain } from "../src/audit/chain/index.ts";
import { createIdSource } from "../src/kernel/ids.ts";
import type { AuditEvent } from "../src/ports/audit-sink.ts";
import { toRecordRow } from "../src/stores/sql/record-row.ts";
import { openSqliteDatabase } from "../src/stores/sql/sqlite/open-database.ts";

type Row = ReturnType<typeof toRecordRow>;

const COLUMNS = Object.keys(
  toRecordRow(createChain({ writer: "w" }).append({ at: 0, kind: "call.succeeded", body: {} })),
) as (keyof Row)[];
/** Rows of one statement, and of one transaction: as the ledger does it. */
const STATEMENT = 256;
const TRANSACTION = 2_048;

const nextId = createIdSource();

/** An event of the ordinary size, about 600 bytes. */
export function makeEvent(type: AuditEvent["type"] = "call.succeeded", callId: string = nextId()): AuditEvent {
  return {
    type,
    at: Date.now(),
    tenant: "acme",
    principal: "alice@example.org",
    roles: ["USER", "BILLING"],
    ip: "10.0.0.1",
    callId,
    parentCallId: null,
    tool: "orders.refund",
    version: "1.2.0",
    digest: `sha256:${"a".repeat(64)}`,
    code: null,
    attempts: 1,
    answeredBy: "tool",
    effect: "none",
    durationMs: 1.234,
    idempotencyKey: null,
    arguments: { orderId: `order_${callId}`, amount: 12.5, note: "because the customer asked" },
    details: undefined,
  };
}

/** Inserts rows by hand. */
export interface RawTable {
  /** Makes the rows of `count` records, hashed already. */
  prepare(count: number): void;
  /** Inserts those, in transactions, each synced. */
  insert(): Promise<void>;
  close(): Promise<void>;
}

/** The columns of `rows`, one after the other. */
function toValues(rows: readonly Row[]): readonly SQLInputValue[] {
  return rows.flatMap((row) => COLUMNS.map((column) => row[column] ?? null));
}

function createRows(): { readonly rows: readonly Row[]; prepare(count: number): void } {
  const chain = createChain({ writer: "w_raw" });
  let rows: readonly Row[] = [];
  return {
    get rows() {
      return rows;
    },
    prepare(count) {
      // Whole statements: what is left of a set costs the hand-written way as much as the ledger, and says nothing.
      const whole = Math.ceil(count / STATEMENT) * STATEMENT;
      rows = Array.from({ length: whole }, () => {
        const event = makeEvent();
        return toRecordRow(chain.append({ at: event.at, kind: event.type, body: event }));
      });
    },
  };
}

/** The table in a file of SQLite, with the settings the ledger has. */
export async function openRawSqlite(path: string): Promise<RawTable> {
  await (await openSqliteDatabase({ path, part: "ledger" })).close();
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = full");
  const places = `(${COLUMNS.map(() => "?").join(",")})`;
  const insert = database.prepare(
    `insert into audit_records (${COLUMNS.join(",")}) values ${Array.from({ length: STATEMENT }, () => places).join(",")}`,
  );
  const made = createRows();
  return {
    prepare: made.prepare,
    async insert() {
      for (let from = 0; from < made.rows.length; from += TRANSACTION) {
        database.exec("begin immediate");
        const rows = made.rows.slice(from, from + TRANSACTION);
        for (let at = 0; at < rows.length; at += STATEMENT) insert.run(...toValues(rows.slice(at, at + STATEMENT)));
        database.exec("commit");
      }
    },
    close: async () => database.close(),
  };
}

/** The table in PostgreSQL, in the schema the ledger has made. */
export function createRawPostgres(client: pg.Client): RawTable {
  let next = 0;
  const places = Array.from({ length: STATEMENT }, () => `(${COLUMNS.map(() => `$${++next}`).join(",")})`).join(",");
  const text = `insert into toolyard.audit_records (${COLUMNS.join(",")}) values ${places}`;
  const made = createRows();
  return {
    prepare: made.prepare,
    async insert() {
      for (let from = 0; from < made.rows.length; from += TRANSACTION) {
        await client.query("begin");
        const rows = made.rows.slice(from, from + TRANSACTION);
        for (let at = 0; at < rows.length; at += STATEMENT)
          await client.query({ name: "raw", text, values: [...toValues(rows.slice(at, at + STATEMENT))] });
        await client.query("commit");
      }
    },
    close: () => client.end(),
  };
}
