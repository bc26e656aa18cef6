import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "./private-postgres.ts";
import { listProcesses } from "./server-processes.ts";

async function query(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows[0];
  } finally {
    void client.end().catch(() => {});
  }
}

const readFolder = async (url: string): Promise<string> =>
  ((await query(url, "show data_directory")) as { readonly data_directory: string }).data_directory;

describe.skipIf(!hasPostgres())("startPrivatePostgres", () => {
  let postgres: PrivatePostgres;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());

  it("keeps what was committed when it is killed and started again, and no process is left in between", async () => {
    const url = await postgres.createDatabase();
    const data = await readFolder(url);
    await query(url, "create table t as select 1 as a");
    await postgres.kill();
    expect(listProcesses(data, 0).filter((pid) => pid !== 0)).toEqual([]);
    await expect(query(url, "select a from t")).rejects.toThrow(/ECONNREFUSED/);
    await postgres.start();
    expect(await query(url, "select a from t")).toEqual({ a: 1 });
  });

  it("hangs while it is frozen", async () => {
    postgres.freeze();
    await expect(query(postgres.url, "select 1 as a")).rejects.toThrow(/timeout|terminated/i);
    postgres.thaw();
    expect(await query(postgres.url, "select 1 as a")).toEqual({ a: 1 });
  });

  it("is killed while it is frozen", async () => {
    postgres.freeze();
    await postgres.kill();
    await postgres.start();
    expect(await query(postgres.url, "select 1 as a")).toEqual({ a: 1 });
  });

  it("stops in order", async () => {
    await postgres.stop();
    await postgres.start();
    expect(await query(postgres.url, "select 1 as a")).toEqual({ a: 1 });
  });

  it("gives each database of a test to it alone, and writes what it commits to the disk", async () => {
    const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase()];
    await query(first, "create table t (a int)");
    expect(await query(second, "select to_regclass('t') as t")).toEqual({ t: null });
    expect(await query(first, "select current_setting('fsync') as fsync")).toEqual({ fsync: "on" });
  });

  it("removes its folder when it is closed", async () => {
    const other = await startPrivatePostgres();
    const data = await readFolder(other.url);
    await other.close();
    expect(existsSync(path.dirname(data))).toBe(false);
    expect(listProcesses(data, 0).filter((pid) => pid !== 0)).toEqual([]);
  });

  it("goes with its process, though that one is killed", async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("started-postgres.ts", import.meta.url))], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const data = await new Promise<string>((resolve) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    expect(listProcesses(data, 0).length).toBeGreaterThan(1);
    child.kill("SIGKILL");
    await expect.poll(() => existsSync(path.dirname(data)), { timeout: 20_000 }).toBe(false);
    expect(listProcesses(data, 0).filter((pid) => pid !== 0)).toEqual([]);
    expect(readdirSync(tmpdir())).not.toContain(path.basename(path.dirname(data)));
  });
});
