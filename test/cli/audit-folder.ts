// A folder with a trail in it, for tests of the command line: chains as a ledger would leave them, in a file of SQLite.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toAnchoredBody, toOpenedBody } from "../../src/audit/chain/index.ts";
import { type Chain, createChain } from "../../src/audit/chain/chain.ts";
import type { AuditEvent } from "../../src/ports/audit-sink.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";
import { putTrail } from "../stores/put-trail.ts";

export interface AuditFolder extends Disposable {
  readonly path: string;
  /** Changes the file behind everybody's back. */
  tamper(statement: string): void;
  /** Writes further events into the chain `w_b`, which is still open. */
  write(...events: readonly AuditEvent[]): Promise<void>;
}

/** The time of the first event, epoch ms. */
export const TRAIL_START: number = Date.UTC(2026, 10, 24, 8, 30);

export function toCallEvent(index: number, other: Partial<AuditEvent> = {}): AuditEvent {
  return {
    type: "call.succeeded",
    at: TRAIL_START + index * 60_000,
    tenant: "acme",
    principal: "ada",
    roles: ["USER"],
    ip: "192.0.2.7",
    callId: `call_${index}`,
    parentCallId: null,
    tool: "orders.get",
    version: "1.2.0",
    digest: "sha256:00",
    code: null,
    attempts: 1,
    answeredBy: "tool",
    effect: "none",
    durationMs: 12.4,
    idempotencyKey: null,
    arguments: { id: `o_${index}` },
    details: undefined,
    ...other,
  };
}

const EVENTS: readonly AuditEvent[] = [
  toCallEvent(0),
  toCallEvent(1, {
    type: "call.refused",
    code: "FORBIDDEN",
    principal: "bob",
    attempts: 0,
    answeredBy: null,
    durationMs: 0,
  }),
  toCallEvent(2, { tool: "orders.refund", effect: "applied" }),
  toCallEvent(3, { tool: "=1+1\u001b[2J", principal: '"x", y', arguments: "\u202e", version: null }),
];

/** Makes the folder: a closed chain `w_a` of three events, and `w_b` of one, which is open and names the end of `w_a`. */
export async function createAuditFolder(key?: Uint8Array): Promise<AuditFolder> {
  const path = mkdtempSync(join(tmpdir(), "toolyard-audit-"));
  const file = join(path, "ledger.db");
  const keyed = key === undefined ? {} : { key };
  const first = createChain({ writer: "w_a", ...keyed });
  const second = createChain({ writer: "w_b", ...keyed });
  const add = (chain: Chain, event: AuditEvent) => chain.append({ at: event.at, kind: event.type, body: event });
  const records = [
    first.append({ at: TRAIL_START, kind: "chain.opened", body: toOpenedBody(key !== undefined, "1.0.0", []) }),
    ...EVENTS.slice(0, 3).map((event) => add(first, event)),
    first.append({ at: TRAIL_START + 200_000, kind: "chain.closed", body: { records: 5 } }),
    second.append({ at: TRAIL_START + 1, kind: "chain.opened", body: toOpenedBody(key !== undefined, "1.0.0", []) }),
    ...EVENTS.slice(3).map((event) => add(second, event)),
    second.append({ at: TRAIL_START + 300_000, kind: "chain.anchored", body: toAnchoredBody([first.head]) }),
  ];
  const database = await openSqliteDatabase({ path: file, part: "ledger" });
  // Whoever reads opens both files.
  await (await openSqliteDatabase({ path: join(path, "state.db"), part: "state" })).close();
  await putTrail(database, { records, heads: [first.head, second.head], openCalls: [] });
  await database.close();
  return {
    path,
    tamper(statement) {
      const connection = new DatabaseSync(file);
      connection.exec(statement);
      connection.close();
    },
    async write(...events) {
      const opened = await openSqliteDatabase({ path: file, part: "ledger" });
      await opened.transaction(async (db) => {
        await putTrail(
          { ...opened, db },
          { records: events.map((event) => add(second, event)), heads: [], openCalls: [] },
        );
        const { seq, hash } = second.head;
        await db
          .updateTable("audit_chains")
          .set({ head_seq: seq, head_hash: hash })
          .where("writer", "=", "w_b")
          .execute();
      });
      await opened.close();
    },
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true });
    },
  };
}
