// The thread that writes the ledger: the only one of the process that does. It opens the database, begins a chain and then does what it
// is told, a message at a time.
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../../kernel/clock.ts";
import type { Database } from "../database.ts";
import { addUsageRows } from "../usage-rows.ts";
import { openSqliteDatabase } from "../sqlite/open-database.ts";
import { createBatchWriter } from "./batch-writer.ts";
import type { LedgerNews, LedgerOp, LedgerTask } from "./ledger-op.ts";
import { createNewChain } from "./open-chain.ts";
import { readOwnMark } from "./process-mark.ts";
import type { WorkerSettings } from "./worker-settings.ts";
import { createWriterLoop, type WriterLoop } from "./writer-loop.ts";

const settings = workerData as WorkerSettings;
const tell = (news: LedgerNews): void => parentPort?.postMessage(news);

async function openDatabase(): Promise<Database> {
  const { sqlite, postgres } = settings;
  if (sqlite !== null) return openSqliteDatabase({ path: sqlite.path, part: "ledger", busyMs: sqlite.busyMs });
  const { openPostgresLedgerDatabase } = await import("../postgres/open-ledger-database.ts");
  return openPostgresLedgerDatabase(postgres as NonNullable<WorkerSettings["postgres"]>);
}

async function open(): Promise<{ readonly loop: WriterLoop; readonly database: Database }> {
  const database = await openDatabase();
  try {
    const clock = systemClock;
    const { key, version, previous } = settings;
    const begun = createNewChain({ key, version, previous, mark: readOwnMark(), now: () => clock.now() });
    const writer = createBatchWriter({ database, chain: begun.chain, addUsage: addUsageRows });
    const recovered = await database.transaction((transaction) => begun.open(transaction, writer.append));
    const loop = createWriterLoop({ database, chain: begun.chain, clock, addUsage: addUsageRows, tell });
    tell({ kind: "opened", writer: begun.chain.head.writer, recovered });
    return { loop, database };
  } catch (error) {
    await database.close();
    throw error;
  }
}

try {
  const { loop, database } = await open();
  parentPort?.on("message", (message: string) => {
    const { ops, task } = JSON.parse(message) as {
      readonly ops?: readonly LedgerOp[];
      readonly task?: LedgerTask | "end";
    };
    if (ops !== undefined) loop.take(ops);
    if (task === "end") void database.close().finally(() => parentPort?.close());
    else if (task !== undefined) loop.run(task);
  });
} catch (error) {
  const {
    code = "STORE_UNUSABLE",
    message,
    retryable = false,
  } = error as {
    readonly code?: string;
    readonly message: string;
    readonly retryable?: boolean;
  };
  tell({ kind: "failed", error: { code, message, retryable } });
}
