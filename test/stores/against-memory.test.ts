// The stores of both databases answer as those in memory do.
import { afterAll, beforeAll, describe } from "vitest";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";
import { describeAgainstMemory } from "./against-memory.ts";
import { openSharedPostgres, openSharedSqlite, type SharedStores } from "./stored-world.ts";

describe("SQLite answers as memory does:", () => {
  let shared: SharedStores;
  beforeAll(async () => {
    shared = await openSharedSqlite();
  });
  afterAll(() => shared.close());
  describeAgainstMemory(() => shared);
});

describe.skipIf(!hasPostgres())("PostgreSQL answers as memory does:", () => {
  let postgres: PrivatePostgres;
  let shared: SharedStores;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
    shared = await openSharedPostgres(postgres.url);
  });
  afterAll(async () => {
    await shared.close();
    await postgres.close();
  });
  describeAgainstMemory(() => shared);
});
