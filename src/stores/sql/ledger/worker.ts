// The thread that writes the ledger: the only one of the process that does. It opens the database, begins a chain and then does what it
// is told, a message at a time.
import { parentPort, workerData } from "node:worker_threads";
import { sql } from "kysely";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import { systemClock } from "../../../kernel/clock.ts";
import type { Database } from "../database.ts";
import { toReason } from "../sqlite/check-file.ts";
import { openSqliteDatabase } from "../sqlite/open-database.ts";
import { addUsageRows } from "../usage-rows.ts";
import { createBatchWriter } from "./batch-writer.ts";
import type { LedgerMessage, LedgerNews } from "./ledger-op.ts";
import { createNewChain, openChain } from "./open-chain.ts";
import { readOwnMark } from "./process-mark.ts";
import type { WorkerSettings } from "./worker-settings.ts";
import { createWriterLoop, type WriterLoop } from "./writer-loop.ts";

const settings = workerData as WorkerSettings;
const tell = (news: LedgerNews): void => parentPort?.postMessage(news);

/** Other processes may be at work when this one opens the file, milliseconds. */
const OPENING_MS = 5_000;

async function openDatabase(): Promise<Database> {
  const { sqlite, postgres } = settings;
  if (sqlite !== null) return openSqliteDatabase({ path: sqlite.path, part: "ledger", busyMs: OPENING_MS });
  const { openPostgresLedgerDatabase } = await import("../postgres/open-ledger-database.ts");
  return openPostgresLedgerDatabase(postgres as NonNullable<WorkerSettings["postgres"]>);
}

async function open(): Promise<{ readonly loop: WriterLoop; readonly database: Database }> {
  const database = await openDatabase();
  try {
    const { key, sqlite } = settings;
    const clock = systemClock;
    const chain = createNewChain(key);
    const addUsage = addUsageRows;
    const writer = createBatchWriter({ database, chain, addUsage, clock });
    const mark = readOwnMark();
    const now = (): number => clock.now();
    const opened = await openChain({ ...settings, database, chain, writer, addUsage, mark, now });
    // From now on others wait as well, and what cannot be written is told.
    if (sqlite !== null) await sql`pragma busy_timeout = ${sql.lit(sqlite.busyMs)}`.execute(database.db);
    const loop = createWriterLoop({ database, writer, clock, tell, onLost: end });
    tell({ kind: "opened", writer: writer.writer, ...opened });
    return { loop, database };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The calling side starts another thread, which begins a new chain. */
function end(error: Error): void {
  tell({ kind: "trouble", error: { message: error.message, retryable: true } });
  parentPort?.close();
}

async function begin(): Promise<void> {
  try {
    const { loop, database } = await open();
    parentPort?.on("message", (text: string) => {
      const message = JSON.parse(text) as LedgerMessage;
      if ("ops" in message) loop.take(message.ops);
      else if ("task" in message) loop.run(message.task);
      else void database.close().finally(() => parentPort?.close());
    });
  } catch (error) {
    tell({ kind: "failed", error: toRefusal(error) });
  }
}

parentPort?.once("message", () => void begin());

/** What the calling side refuses with: errors of a database have codes of their own. */
function toRefusal(error: unknown): Extract<LedgerNews, { readonly kind: "failed" }>["error"] {
  if (error instanceof ToolyardError) {
    const { code, message, retryable } = error;
    return { code, message, retryable };
  }
  const reason = settings.sqlite === null ? (error as Error).message : toReason(error);
  return { code: "STORE_UNUSABLE", message: `the ledger cannot be opened: ${reason}`, retryable: true };
}
