// an effect has happened, and the database is gone before it is told what became of it. It is told later, also when the process is
// gone by then: nothing that was answered becomes unknown.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../src/audit/chain/index.ts";
import { defineTool, openRegistry, type Outcome } from "../../src/index.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";

const PROGRAM = fileURLToPath(new URL("spooled-call.ts", import.meta.url));

describe.skipIf(!hasPostgres())("a ledger in PostgreSQL with a spool folder", () => {
  let postgres: PrivatePostgres;
  let folder: string;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
    folder = await mkdtemp(path.join(tmpdir(), "toolyard-spool-"));
  });
  afterAll(async () => {
    await postgres.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (schema: string, spoolDir?: string): Promise<Stores> =>
    openPostgresStores({ url: postgres.url, schema, ...(spoolDir !== undefined && { ledger: { spoolDir } }) });

  /** The program's call has its effect, the database goes, the call is answered, the process goes, the database comes back. */
  async function callAndKill(schema: string, spoolDir: string): Promise<Outcome> {
    const child = spawn(process.execPath, [PROGRAM, postgres.url, schema, spoolDir], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const gone = once(child, "close");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("effect");
    await postgres.kill();
    child.stdin.write("go\n");
    const outcome = JSON.parse((await lines.next()).value as string) as Outcome;
    child.kill("SIGKILL");
    await gone;
    await postgres.start();
    return outcome;
  }

  async function readKinds(stores: Stores): Promise<readonly string[]> {
    const { records } = await stores.auditReader.search({}, "oldest", null, 1_000);
    return records.map(({ kind }) => kind).filter((kind) => kind.startsWith("call."));
  }

  it("answers, and knows after both were killed what it has answered", { timeout: 60_000 }, async () => {
    const spoolDir = path.join(folder, "one");
    const outcome = await callAndKill("one", spoolDir);
    expect(outcome).toMatchObject({ ok: true, output: "paid" });
    expect(outcome.meta.warnings).toEqual([]);
    expect(await readdir(spoolDir)).toHaveLength(1);

    const stores = await open("one", spoolDir);
    expect(stores.ledger.recovered).toEqual([]);
    expect(await readKinds(stores)).toEqual(["call.intended", "call.succeeded"]);
    expect((await verifyChains(stores.auditReader)).problems).toEqual([]);
    await expect.poll(() => readdir(spoolDir)).toEqual([]);
    let effects = 0;
    const pay = defineTool({
      name: "pay",
      version: "1.0.0",
      description: "Pays.",
      effect: "write",
      timeoutMs: 20_000,
      access: { roles: ["USER"] },
      handler: () => `paid ${++effects}`,
    });
    const registry = await openRegistry({ tools: [pay], limits: [], concurrency: [], stores });
    expect(await registry.execute("pay", {}, { principal: { id: "u" }, idempotencyKey: "k" })).toMatchObject({
      ok: true,
      output: "paid",
      meta: { replayOf: outcome.meta.callId },
    });
    expect(effects).toBe(0);
    await registry.close();
  });

  it("takes back what another process took for unknown meanwhile, once", { timeout: 60_000 }, async () => {
    const spoolDir = path.join(folder, "two");
    const { meta } = await callAndKill("two", spoolDir);
    const other = await open("two");
    expect(other.ledger.recovered.map(({ id }) => id)).toEqual([meta.callId]);
    const [spooled = ""] = await readdir(spoolDir);
    // As two that look into the folder at once do.
    const [first, second] = await Promise.all([open("two", spoolDir), open("two", spoolDir)]);
    expect(await readKinds(first)).toEqual(["call.intended", "call.succeeded", "call.recovered"]);
    expect((await first.outcomes.count()).all).toBe(0);
    await expect.poll(() => readdir(spoolDir)).not.toContain(spooled);
    for (const stores of [first, second, other]) await stores.close();
  });

  it("opens with everything that the database takes, whatever else is in the folder", { timeout: 60_000 }, async () => {
    const spoolDir = path.join(folder, "three");
    const { meta } = await callAndKill("three", spoolDir);
    const [spooled = ""] = await readdir(spoolDir);
    const refused = { do: "append", id: 1, ends: false, event: { type: "call.succeeded", at: 1e300, callId: "x" } };
    await writeFile(
      path.join(spoolDir, spooled),
      `\n{"writer":"w","op":${JSON.stringify(refused)}}\n{"writer":"w","o`,
      {
        flag: "a",
      },
    );
    const stores = await open("three", spoolDir);
    expect(await readKinds(stores)).toEqual(["call.intended", "call.succeeded"]);
    expect(stores.ledger.recovered).toEqual([]);
    expect(meta.callId).toMatch(/^call_/);
    await expect.poll(() => readdir(spoolDir)).toEqual([]);
    await stores.close();
  });

  it("does not start with a folder that it could not use when it has to", async () => {
    const file = path.join(folder, "file");
    await writeFile(file, "");
    await expect(open("four", file)).rejects.toMatchObject({
      code: "STORE_UNUSABLE",
      message: expect.stringContaining("spool folder cannot be used"),
    });
    await expect(open("four", "")).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("spoolDir"),
    });
  });
});
