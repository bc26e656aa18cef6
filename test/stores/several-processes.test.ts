// Several processes make, open and write the same state at once: none is refused, and no change is lost or made twice.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { verifyChains } from "../../src/audit/chain/index.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { hasPostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";

const PROCESSES = 3;
const TIMES = 25;
const PROGRAM = fileURLToPath(new URL("counting-process.ts", import.meta.url));

function run(place: string, name: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, place, String(TIMES), name], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("exit", (code, signal) => {
      resolve(code === 0 ? "" : `${signal ?? code}: ${errors}`);
    });
  });
}

async function assertCountsOnce(place: string, open: () => Promise<Stores>): Promise<void> {
  const names = Array.from({ length: PROCESSES }, (_, index) => `process ${index}`);
  // There is nothing yet: all of them make it.
  expect(await Promise.all(names.map((name) => run(place, name)))).toEqual(names.map(() => ""));

  await using stores = await open();
  const total = PROCESSES * TIMES;
  expect(await stores.settings.get("role", "COUNTER")).toMatchObject({ revision: total, body: total });
  const said: (string | null)[] = [];
  const page = await stores.auditReader.search({ kind: "call.succeeded" }, "oldest", null, 1_000);
  for (const { bodyText } of page.records) said.push((JSON.parse(bodyText) as { readonly callId: string }).callId);
  const expected = Array.from({ length: total }, (_, index) => `count_${index + 1}`);
  expect(new Set(said)).toEqual(new Set(expected));
  expect(said).toHaveLength(total);
  expect(await verifyChains(stores.auditReader)).toMatchObject({ ok: true, chains: { length: PROCESSES + 1 } });
}

describe("several processes on one state", () => {
  it("in SQLite", { timeout: 120_000 }, async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "toolyard-several-"));
    await assertCountsOnce(path.join(dir, "state"), () => openSqliteStores({ dir: path.join(dir, "state") }));
    await rm(dir, { recursive: true });
  });

  it.skipIf(!hasPostgres())("in PostgreSQL", { timeout: 120_000 }, async () => {
    await using postgres = await startPrivatePostgres();
    const url = await postgres.createDatabase();
    await assertCountsOnce(url, () => openPostgresStores({ url }));
  });
});
