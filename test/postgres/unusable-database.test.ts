// Databases of PostgreSQL that are not to be used: each is a clear refusal at the start, and nothing is changed.
import { createServer } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ToolyardError } from "../../src/index.ts";
import {
  openPostgresReaders,
  openPostgresStores,
  type PostgresStoresOptions,
} from "../../src/stores/sql/postgres/index.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "./private-postgres.ts";

type Open = (options: PostgresStoresOptions) => Promise<{ close(): Promise<void> }>;

describe.skipIf(!hasPostgres())("a database that is not to be used", () => {
  let postgres: PrivatePostgres;
  let url: string;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    url = await postgres.createDatabase();
  });

  async function run(text: string, at = url): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Everything there is: relations, when they were changed last, and what says of which version they are. */
  async function look(): Promise<unknown> {
    const relations = await run(`
      select n.nspname, c.relname, c.relkind, c.xmin::text, c.relfilenode, s.n_tup_ins, s.n_tup_upd, s.n_tup_del
      from pg_namespace n left join pg_class c on c.relnamespace = n.oid left join pg_stat_user_tables s on s.relid = c.oid
      where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' order by 1, 2`);
    const isThere = relations.some(({ relname }) => relname === "schema_versions");
    return { relations, versions: isThere ? await run("select * from toolyard.schema_versions order by part") : null };
  }

  async function refusalOf(options: PostgresStoresOptions, open: Open = openPostgresStores): Promise<ToolyardError> {
    return open(options).then(
      async (opened) => {
        await opened.close();
        throw new Error("it was not refused");
      },
      (error: ToolyardError) => error,
    );
  }

  async function assertRefused(expected: RegExp, options: Partial<PostgresStoresOptions> = {}, open?: Open) {
    const before = await look();
    const refusal = await refusalOf({ url, ...options }, open);
    expect(refusal.message).toMatch(expected);
    expect(refusal.code).toBe("STORE_UNUSABLE");
    expect(await look()).toEqual(before);
    return refusal;
  }

  const makeState = async (): Promise<void> => (await openPostgresStores({ url })).close();

  it.each(["state", "ledger"])(
    "has tables of %s by a newer version; the other ones are not made either",
    async (part) => {
      await run(`create schema toolyard; create table toolyard.schema_versions
      (part text primary key, version bigint not null, needs bigint not null, migrated_at bigint not null);
      insert into toolyard.schema_versions values ('${part}', 99, 98, 0)`);
      await assertRefused(new RegExp(`tables of ${part} are of version 99, made by a newer Toolyard`));
    },
  );

  it("has a table of another program under a name of ours", async () => {
    await run("create schema toolyard; create table toolyard.usage_rows (id int)");
    const { retryable } = await assertRefused(/"usage_rows" already exists.*another program, give another schema/);
    expect(retryable).toBe(false);
    const stores = await openPostgresStores({ url, schema: "other" });
    await stores.close();
  });

  it("does not exist, nor does the user", async () => {
    await assertRefused(/database "nothing" does not exist/, { url: url.replace(/[^/]+$/, "nothing") });
    await assertRefused(/role "nobody" does not exist/, { url: url.replace("postgres@", "nobody@") });
  });

  it("may be read by the user only", async () => {
    await makeState();
    await run("create role looker login; grant usage on schema toolyard to looker");
    await run("grant select on all tables in schema toolyard to looker");
    const looker = url.replace("postgres@", "looker@");
    await assertRefused(/permission denied/, { url: looker });
    // Looking is what it is for.
    const readers = await openPostgresReaders({ url: looker });
    expect(await readers.settings.page("role", null, 10)).toEqual([]);
    await readers.close();
  });

  it("is for reading only, as one that follows another", async () => {
    await makeState();
    await run(`alter database ${url.slice(url.lastIndexOf("/") + 1)} set default_transaction_read_only = on`);
    await assertRefused(/cannot execute \w+ in a read-only transaction/);
  });

  it("has no tables yet, for who only looks", async () => {
    await assertRefused(/The tables of state are not there yet/, {}, openPostgresReaders);
  });

  it("belongs to somebody who has made a schema for us, and may make none: that is enough", async () => {
    await run("create role guest login; create schema toolyard authorization guest");
    const stores = await openPostgresStores({ url: url.replace("postgres@", "guest@") });
    await stores.close();
    expect(await run("select count(*)::int as n from toolyard.schema_versions")).toEqual([{ n: 2 }]);
  });

  it("is where nobody listens; the password is not said", async () => {
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port: free } = server.address() as { readonly port: number };
        server.close(() => {
          resolve(free);
        });
      });
    });
    const refusal = await refusalOf({ url: `postgres://u:s3cret-word@127.0.0.1:${port}/d` });
    expect(refusal).toMatchObject({ code: "STORE_UNUSABLE", retryable: true });
    expect(refusal.message).toMatch(/ECONNREFUSED/);
    expect(JSON.stringify([refusal, refusal.message, refusal.stack, String(refusal.cause)])).not.toContain("s3cret");
  });

  it("is behind something that takes connections and says nothing", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {}).resume();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as { readonly port: number };
    const refusal = await refusalOf({ url: `postgres://u:s3cret-word@127.0.0.1:${port}/d`, timeoutMs: 200 });
    expect(refusal).toMatchObject({ code: "STORE_UNUSABLE", retryable: true });
    expect(refusal.message).toMatch(/timeout/);
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it("is frozen", async () => {
    await makeState();
    postgres.freeze();
    try {
      expect((await refusalOf({ url, timeoutMs: 300 })).code).toBe("STORE_UNUSABLE");
    } finally {
      postgres.thaw();
    }
    await makeState();
  });
});
