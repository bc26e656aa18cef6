// A ledger on the disk, as the programs that are killed open it and as the tests that look afterwards do.
import { systemClock } from "../../src/kernel/clock.ts";
import type { AuditReader } from "../../src/ports/audit-reader.ts";
import type { AuditEvent } from "../../src/ports/audit-sink.ts";
import { createSqlAuditReader } from "../../src/stores/sql/audit-reader.ts";
import type { Database } from "../../src/stores/sql/database.ts";
import type { LedgerOptions, OpenLedger } from "../../src/stores/sql/ledger/open-ledger.ts";
import { openPostgresLedger } from "../../src/stores/sql/ledger/open-postgres-ledger.ts";
import { openSqliteLedger } from "../../src/stores/sql/ledger/open-sqlite-ledger.ts";
import { openPostgresDatabase } from "../../src/stores/sql/postgres/open-database.ts";

/** Where the ledger is: a file, or a database. */
export type LedgerPlace = { readonly path: string } | { readonly url: string };

export interface KeptLedger extends OpenLedger {
  readonly reader: AuditReader;
  readonly database: Database;
  end(): Promise<void>;
}

/** On a busy machine a write takes longer than a call should wait. */
const PATIENT: LedgerOptions = { writeTimeoutMs: 20_000 };

/** Opens the ledger, which ends what dead writers have left open. */
export async function openKeptLedger(place: LedgerPlace, options: LedgerOptions = PATIENT): Promise<KeptLedger> {
  const surroundings = { clock: systemClock, version: "0.0.0" };
  if ("path" in place) {
    const { reader: database, ...opened } = await openSqliteLedger({ path: place.path, ...options }, surroundings);
    return toKept(opened, database);
  }
  const database = await openPostgresDatabase({ url: place.url, parts: ["ledger"] });
  return toKept(await openPostgresLedger({ url: place.url }, options, { ...surroundings, reader: database }), database);
}

function toKept(opened: OpenLedger, database: Database): KeptLedger {
  return {
    ...opened,
    database,
    reader: createSqlAuditReader(database),
    async end() {
      await opened.close();
      await database.close();
    },
  };
}

/** What the trail says of a call. */
export function toEvent(type: AuditEvent["type"], callId: string, idempotencyKey: string | null): AuditEvent {
  return {
    type,
    at: systemClock.now(),
    tenant: "t",
    principal: "alice",
    roles: ["USER"],
    ip: null,
    callId,
    parentCallId: null,
    tool: "orders.refund",
    version: "1.0.0",
    digest: null,
    code: null,
    attempts: 1,
    answeredBy: null,
    effect: "unknown",
    durationMs: 1.5,
    idempotencyKey,
    arguments: { amount: 12.5 },
    details: undefined,
  };
}

/** What a store of keys takes. */
export function toRecordKey(key: string): string {
  return `t\0alice\0orders.refund\0${key}`;
}
