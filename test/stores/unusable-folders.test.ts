// Folders whose state cannot be written: refused at the start, whatever is missing, and nothing is made beside what is there.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ToolyardError } from "../../src/index.ts";
import { openSqliteReaders, openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "toolyard-folders-"));
  // Whoever looks may see what is below it.
  chmodSync(dir, 0o755);
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** The names of the files, and a digest of those that hold data. */
function look(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name !== "ballast")
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const file = path.join(folder, name);
      if (!name.endsWith(".db") || !statSync(file).isFile()) return name;
      return `${name} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
    });
}

async function makeState(folder: string): Promise<void> {
  const stores = await openSqliteStores({ dir: folder });
  await stores.settings.set({ kind: "role", id: "R", body: { description: "x" }, at: 1, by: null, reason: null }, 0);
  await stores.close();
}

async function refusalOf(folder: string, open: () => Promise<unknown>): Promise<ToolyardError> {
  const before = look(folder);
  const refusal = await open().then(
    () => {
      throw new Error("it was not refused");
    },
    (error: ToolyardError) => error,
  );
  expect(refusal.code).toBe("STORE_UNUSABLE");
  // SQLite may have made the files in which it would write; those with data are as they were.
  const isMade = (name: string): boolean => /-(?:wal|shm)$/.test(name);
  expect(look(folder).filter((name) => !isMade(name))).toEqual(before.filter((name) => !isMade(name)));
  return refusal;
}

describe("one file that is not to be used", () => {
  it("lets the other one not even be made", async () => {
    writeFileSync(path.join(dir, "ledger.db"), "no database");
    expect((await refusalOf(dir, () => openSqliteStores({ dir }))).message).toMatch(/ledger\.db.*no SQLite database/);
    expect(readdirSync(dir)).toEqual(["ledger.db"]);
    rmSync(path.join(dir, "ledger.db"));
    writeFileSync(path.join(dir, "state.db"), "no database");
    expect((await refusalOf(dir, () => openSqliteStores({ dir }))).message).toMatch(/state\.db.*no SQLite database/);
    expect(readdirSync(dir)).toEqual(["state.db"]);
  });

  it("may be a pipe that nobody writes to", async () => {
    execFileSync("mkfifo", [path.join(dir, "state.db")]);
    expect((await refusalOf(dir, () => openSqliteStores({ dir }))).message).toMatch(/no ordinary file/);
    expect((await refusalOf(dir, () => openSqliteReaders({ dir }))).message).toMatch(/no ordinary file/);
  });

  it("is not made by who only looks", async () => {
    expect((await refusalOf(dir, () => openSqliteReaders({ dir }))).message).toMatch(/there is none yet/);
    expect(readdirSync(dir)).toEqual([]);
  });
});

const isRoot = userInfo().uid === 0;
if (!isRoot) process.stderr.write("SKIPPED: only root can become nobody and mount a full disk\n");
// In CI nothing is skipped: there it fails.
const isSkipped = !isRoot && process.env["CI"] === undefined;

/** Does `work` as somebody who may write nothing here. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const nobody = 65_534;
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

describe.skipIf(isSkipped)("a user who may not write", () => {
  const state = (): string => path.join(dir, "state");
  const file = (name: string): string => path.join(state(), name);
  const refusedAsNobody = (): Promise<ToolyardError> =>
    refusalOf(state(), () => asNobody(() => openSqliteStores({ dir: state() })));

  it("is refused in an empty folder, and where the folder would have to be made", async () => {
    mkdirSync(state(), { mode: 0o555 });
    expect((await refusedAsNobody()).message).toMatch(/may not/);
    rmSync(state(), { recursive: true });
    expect((await refusalOf(dir, () => asNobody(() => openSqliteStores({ dir: state() })))).message).toMatch(/may not/);
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each(["state.db", "ledger.db"])("is refused though only %s is not his", async (name) => {
    await makeState(state());
    chmodSync(state(), 0o777);
    for (const one of readdirSync(state())) chmodSync(file(one), 0o666);
    chmodSync(file(name), 0o644);
    const { message } = await refusedAsNobody();
    expect(message).toMatch(/may not/);
    expect(message).toContain(name);
    chmodSync(file(name), 0o600);
    expect((await refusedAsNobody()).message).toMatch(/may not/);
  });

  it("is refused where he may write the files and not beside them", async () => {
    await makeState(state());
    for (const one of readdirSync(state())) chmodSync(file(one), 0o666);
    chmodSync(state(), 0o555);
    expect((await refusedAsNobody()).message).toMatch(/may not|read-only|not be writable/);
  });
});

describe.skipIf(isSkipped)("a disk", () => {
  let disk = "";
  const state = (): string => path.join(disk, "state");
  const fill = (bytes: number): void => {
    try {
      writeFileSync(path.join(state(), "ballast"), Buffer.alloc(bytes));
    } catch (error) {
      expect(error).toMatchObject({ code: "ENOSPC" });
    }
  };
  beforeEach(() => {
    disk = path.join(dir, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
  });
  afterEach(() => {
    execFileSync("umount", ["-l", disk]);
  });

  it("that is full is refused with what is there unchanged, which is used again when there is room", async () => {
    await makeState(state());
    fill(2 ** 20);
    expect((await refusalOf(state(), () => openSqliteStores({ dir: state() }))).message).toMatch(/full/);
    rmSync(path.join(state(), "ballast"));
    await using stores = await openSqliteStores({ dir: state() });
    expect(await stores.settings.get("role", "R")).toMatchObject({ body: { description: "x" } });
  });

  it("that becomes full while a state is made leaves nothing that hinders the next start", async () => {
    mkdirSync(state());
    const free = [0, 8, 40, 100, 150, 200, 240];
    for (const kilobytes of free) {
      fill(2 ** 20 - kilobytes * 1_024);
      const refusal = await openSqliteStores({ dir: state() }).then(
        async (stores) => {
          await stores.close();
          return null;
        },
        (error: ToolyardError) => error,
      );
      if (refusal !== null)
        expect(refusal).toMatchObject({ code: "STORE_UNUSABLE", message: expect.stringMatching(/full/) });
      else expect(kilobytes).toBeGreaterThan(100);
      rmSync(path.join(state(), "ballast"));
    }
    await makeState(state());
  });
});
