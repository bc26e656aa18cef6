// A process that is killed while it changes the master key leaves all secrets under one key, the old one or the new one, and the
// next opening finds it, whatever was left half done.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSecrets } from "../../src/secrets/index.ts";
import { createKeyFile } from "../../src/stores/file/index.ts";
import { createSqlSecretStore } from "../../src/stores/sql/secret-store.ts";
import { openSqliteDatabase } from "../../src/stores/sql/sqlite/open-database.ts";

const PROGRAM = fileURLToPath(new URL("rotate-and-die.ts", import.meta.url));
const COUNT = 120;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "toolyard-rotation-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function rotate(where: string): Promise<{ readonly signal: string | null; readonly out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, dir, String(COUNT), where], (error, out) => {
      resolve({ signal: error?.signal ?? null, out });
    });
  });
}

async function readAll(): Promise<{ readonly values: readonly string[]; readonly keys: number }> {
  const database = await openSqliteDatabase({ path: join(dir, "state.db"), part: "state" });
  try {
    const store = createSqlSecretStore(database);
    const masterKey = createKeyFile(join(dir, "master.key"));
    const secrets = await openSecrets({ env: {}, vault: { store, masterKey } });
    const values = [];
    for (let index = 0; index < COUNT; index++) values.push((await secrets.resolve(`vault:s${index}`)).reveal());
    // And a secret can be set, under the key that is in force.
    await secrets.set("after", "value");
    return { values, keys: new Set((await store.page(null, 1_000)).map((row) => row.masterKeyId)).size };
  } finally {
    await database.close();
  }
}

test.each(["staged", "secret 0", `secret ${COUNT - 1}`, "rotated", "committed"])(
  "killed at: %s",
  async (where) => {
    const { signal, out } = await rotate(where);
    expect([signal, out]).toEqual(["SIGKILL", "filled\n"]);
    const before = await readFile(join(dir, "master.key"), "utf8");
    const { values, keys } = await readAll();
    expect(values).toEqual(Array.from({ length: COUNT }, (_, index) => `value-${index}`));
    expect(keys).toBe(1);
    const files = (await readdir(dir)).filter((name) => name.startsWith("master"));
    const after = await readFile(join(dir, "master.key"), "utf8");
    // Only where the database had the new key does the file get it.
    expect(after === before).toBe(where !== "rotated");
    expect(files.includes("master.key.next")).toBe(where === "staged" || where.startsWith("secret"));
  },
  120_000,
);
