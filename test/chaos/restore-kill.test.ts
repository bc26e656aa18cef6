// A restore that replaces a state is killed at every step that can be seen on the disk: whoever opens the state next finds all of the old one
// or all of the new one, in both files.
import { spawn } from "node:child_process";
import { cpSync, readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeBackup } from "../../src/stores/sql/backup/index.ts";
import type { Database, Part } from "../../src/stores/sql/database.ts";
import { connectSqlite, openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";

const PROGRAM = fileURLToPath(new URL("killed-restore.ts", import.meta.url));
const PARTS = ["state", "ledger"] as const;
/** Enough that the steps can be told apart. */
const ROWS = 6_000;

let folder: string;
let archive: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "toolyard-restore-"));
  archive = path.join(folder, "backup.ty");
  await fill(path.join(folder, "new"), "new");
  await fill(path.join(folder, "old"), "old");
  const [state, ledger] = await Promise.all(PARTS.map((part) => open(path.join(folder, "new"), part)));
  await writeBackup({ databases: { state: state as Database, ledger: ledger as Database }, path: archive });
  await state?.close();
  await ledger?.close();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = (dir: string, part: Part): Promise<Database> =>
  openSqliteDatabase({ path: path.join(dir, `${part}.db`), part });

/** The same mark in every row of both parts. */
async function fill(dir: string, mark: string): Promise<void> {
  for (const part of PARTS) {
    await (await open(dir, part)).close();
    const connection = await connectSqlite({ path: path.join(dir, `${part}.db`), part });
    const insert = connection.prepare(
      part === "state"
        ? "insert into settings (kind, id, revision, body, at) values ('grant', ?, 1, ?, 1)"
        : "insert into unknown_outcomes (id, place, tenant, principal, tool, version, code, at) values (?, 1, ?, 'p', 't', '1', 'TIMEOUT', 1)",
    );
    connection.exec("begin");
    for (let index = 0; index < ROWS; index++) insert.run(`${mark} ${index}`, `"${mark} ${"x".repeat(200)}"`);
    connection.exec("commit");
    connection.close();
  }
}

/** Whose rows are there, and how many: `old 15000`. */
async function readPart(dir: string, part: Part): Promise<string> {
  const database = await open(dir, part);
  const table = part === "state" ? "settings" : "unknown_outcomes";
  const rows = await database.db.selectFrom(table).select("id").execute();
  await database.close();
  return `${[...new Set(rows.map(({ id }) => id.split(" ")[0]))].join(" and ")} ${rows.length}`;
}

/** Sizes of the files by their names; a name's beginning stands for those that end differently each time. */
type Files = ReadonlyMap<string, number>;

function readFiles(dir: string): Files {
  const files = readdirSync(dir).map((name): [string, number] => {
    const size = statSync(path.join(dir, name), { throwIfNoEntry: false })?.size ?? 0;
    return [name.replace(/^(\.restore-|state\.db-mj|.*before-restore-).*$/, "$1"), size];
  });
  return new Map(files);
}

/** Runs the restore until `isReached`, looked at all the time, and kills it. Whether it was killed. */
async function runUntil(dir: string, isReached: (files: Files) => boolean): Promise<boolean> {
  const child = spawn(process.execPath, [PROGRAM, archive, dir], { stdio: ["ignore", "ignore", "inherit"] });
  let isOver = false;
  const over = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_code, signal) => {
      isOver = true;
      resolve(signal);
    });
  });
  const look = (): void => {
    if (isOver) return;
    if (isReached(readFiles(dir))) child.kill("SIGKILL");
    else setImmediate(look);
  };
  look();
  return (await over) !== null;
}

// The files are this process's alone, so a journal that is done with stays, empty.
const hasJournal = (files: Files, part: Part): boolean => (files.get(`${part}.db-journal`) ?? 0) > 65_536;
const isCommitting = (files: Files): boolean => files.has("state.db-mj");
const toEnd = () => {
  let began = false;
  return (files: Files): boolean => {
    began ||= hasJournal(files, "ledger");
    return began && !hasJournal(files, "ledger");
  };
};

/** What tells how far it is, in the order in which it comes. */
const STEPS: readonly (readonly [string, () => (files: Files) => boolean])[] = [
  ["the backup is read", () => (files) => files.has(".restore-")],
  ["the old state is being kept", () => (files) => files.has("state.db.before-restore-")],
  ["the old ledger is being kept", () => (files) => files.has("ledger.db.before-restore-")],
  ["the state is being replaced", () => (files) => hasJournal(files, "state")],
  ["the ledger is being replaced", () => (files) => hasJournal(files, "ledger")],
  ["both are about to be committed", () => isCommitting],
  ["both were committed", toEnd],
];

test.each(STEPS)(
  "killed when %s, it leaves the old state or the new one",
  { timeout: 60_000 },
  async (_step, toReached) => {
    const dir = path.join(folder, "target");
    await rm(dir, { recursive: true, force: true });
    cpSync(path.join(folder, "old"), dir, { recursive: true });
    const wasKilled = await runUntil(dir, toReached());
    const found = await Promise.all(PARTS.map((part) => readPart(dir, part)));
    expect([`old ${ROWS}`, `new ${ROWS}`]).toContain(found[0]);
    expect(found[1]).toBe(found[0]);
    if (!wasKilled) expect(found[0]).toBe(`new ${ROWS}`);
    // The next one is not held up by what is left over.
    await runUntil(dir, () => false);
    expect(await Promise.all(PARTS.map((part) => readPart(dir, part)))).toEqual([`new ${ROWS}`, `new ${ROWS}`]);
  },
);
