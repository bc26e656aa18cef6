// The trail as the audit commands read it.
import { resolve } from "node:path";
import type { AuditReader } from "../../index.ts";
import { createSqlAuditReader } from "../../stores/sql/audit-reader.ts";
import { openSqliteDatabase } from "../../stores/sql/sqlite/open-database.ts";
import type { Session } from "../verb.ts";

export interface AuditState extends AsyncDisposable {
  readonly reader: AuditReader;
}

/** Opens the trail of the session for reading. */
export async function openAuditState({ io, data }: Session): Promise<AuditState> {
  const dir = resolve(io.cwd, data ?? io.env["TOOLYARD_DATA_DIR"] ?? ".toolyard");
  const database = await openSqliteDatabase({ path: resolve(dir, "ledger.db"), part: "ledger", readOnly: true });
  return { reader: createSqlAuditReader(database), [Symbol.asyncDispose]: () => database.close() };
}
