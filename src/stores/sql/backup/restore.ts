// Restores a backup: reads the whole of it into new files, lets the caller look at them and finish them, and only then puts their rows in
// the place of what is there, all of them or none.
import type { MaybePromise } from "../../../kernel/maybe-promise.ts";
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import type { Database, Part } from "../database.ts";
import { openSqliteDatabase } from "../sqlite/open-database.ts";
import { PARTS } from "./plain-tables.ts";
import { replacePostgres } from "./replace-postgres.ts";
import { replaceSqlite } from "./replace-sqlite.ts";
import { stageArchive, type StageOptions, type Staged, toPartFile } from "./stage-archive.ts";

/** Where to: a data folder, or an open database with a folder for files that are needed on the way. */
export type RestoreTarget =
  | { readonly dialect: "sqlite"; readonly dir: string }
  | { readonly dialect: "postgres"; readonly database: Database; readonly folder: string };

export interface RestoreOptions {
  /** The file, absolute. */
  readonly archive: string;
  readonly target: RestoreTarget;
  /** Whether what is there may go. @default false */
  readonly replace?: boolean;
  readonly clock?: Clock;
  /** Called after each page of rows that was read. */
  readonly onProgress?: StageOptions["onProgress"];
  /**
   * Called with what was read, in files of their own, before anything else is touched: what it writes there is restored too, and when it
   * rejects nothing is.
   */
  readonly finish?: (staged: Staged) => MaybePromise<void>;
}

export interface Restored {
  /** When the backup was made, epoch ms. */
  readonly at: number;
  readonly sha256: string;
  readonly rows: number;
  /** Files that hold what was there before. */
  readonly kept: readonly string[];
}

/** Restores a backup. Rejects with STORE_UNUSABLE, and nothing has changed, when the backup or the target cannot be used. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { archive, target, replace = false, clock = systemClock, onProgress, finish } = options;
  const folder = target.dialect === "sqlite" ? target.dir : target.folder;
  await using staged = await stageArchive({ archive, folder, clock, onProgress });
  await withStaged(staged.dir, clock, ({ ledger }) => endWriters(ledger));
  await finish?.(staged);
  const { header, sha256 } = staged;
  const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
  if (target.dialect === "sqlite") {
    const keepAs = replace ? `.before-restore-${toStamp(clock)}` : null;
    return { at: header.at, sha256, rows, kept: await replaceSqlite({ dir: target.dir, staged: staged.dir, keepAs }) };
  }
  await withStaged(staged.dir, clock, (parts) =>
    replacePostgres({ database: target.database, staged: parts, replace, clock }),
  );
  return { at: header.at, sha256, rows, kept: [] };
}

/** Who wrote when the backup was made writes elsewhere, if anywhere: here it is dead, also while its process runs. */
async function endWriters({ db }: Database): Promise<void> {
  await db.updateTable("audit_chains").set({ host: "", seen_at: 0 }).where("closed_at", "is", null).execute();
}

async function withStaged(
  dir: string,
  clock: Clock,
  work: (parts: Readonly<Record<Part, Database>>) => Promise<void>,
): Promise<void> {
  const open: Database[] = [];
  try {
    for (const part of PARTS) open.push(await openSqliteDatabase({ path: toPartFile(dir, part), part, clock }));
    const [state, ledger] = open as [Database, Database];
    await work({ state, ledger });
  } finally {
    for (const database of open) await database.close();
  }
}

/** `20260727T120000123Z` */
function toStamp(clock: Clock): string {
  return new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, "");
}
