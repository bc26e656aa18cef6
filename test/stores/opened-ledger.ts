// A ledger for the suite, over SQLite or PostgreSQL, whose process can be taken for dead while it lives.
import { createSqlAuditReader } from "../../src/stores/sql/audit-reader.ts";
import type { Database } from "../../src/stores/sql/database.ts";
import type { OpenLedger } from "../../src/stores/sql/ledger/open-ledger.ts";
import type { OpenedLedger } from "../../src/testing/ledger-case.ts";

/** One opening of the ledger's place, with a database to read from and to change. */
export interface Opening {
  readonly opened: OpenLedger;
  readonly database: Database;
  close(): Promise<void>;
}

/** Opens the place with `open`, as often as the suite asks for; closing the first closes all. */
export async function toOpenedLedger(
  open: () => Promise<Opening>,
  onClosed: () => Promise<void>,
): Promise<OpenedLedger> {
  const openings: Opening[] = [];
  const next = async (): Promise<OpenedLedger> => {
    const opening = await open();
    openings.push(opening);
    const { opened, database } = opening;
    return {
      ledger: opened.ledger,
      idempotency: opened.idempotency,
      outcomes: opened.outcomes,
      reader: createSqlAuditReader(database),
      async again(other) {
        // As a backup that is restored elsewhere does with those who wrote it.
        if (other === "killed") await database.db.updateTable("audit_chains").set({ host: "", seen_at: 0 }).execute();
        return next();
      },
      async close() {
        for (const { close } of openings.toReversed()) await close();
        await onClosed();
      },
    };
  };
  return next();
}
