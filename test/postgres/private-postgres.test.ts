import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "./private-postgres.ts";

describe.skipIf(!hasPostgres())("startPrivatePostgres", () => {
  let postgres: PrivatePostgres;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());

  async function query(url: string, text: string): Promise<unknown> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 500, query_timeout: 500 });
    client.on("error", () => {});
    try {
      await client.connect();
      return (await client.query(text)).rows[0];
    } finally {
      void client.end().catch(() => {});
    }
  }

  it("keeps what was committed when it is killed and started again", async () => {
    const url = await postgres.createDatabase();
    await query(url, "create table t as select 1 as a");
    await postgres.kill();
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

  it("stops in order", async () => {
    await postgres.stop();
    await postgres.start();
    expect(await query(postgres.url, "select 1 as a")).toEqual({ a: 1 });
  });
});
