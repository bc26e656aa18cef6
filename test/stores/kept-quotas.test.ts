// A restart makes no quota whole: whoever has used it up waits as long as without one.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineTool, openRegistry, type Registry } from "../../src/index.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { createMemoryQuotaStore } from "../../src/stores/memory/index.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";

const look = defineTool({
  name: "look",
  version: "1.0.0",
  description: "Looks.",
  effect: "read",
  access: { roles: ["USER"] },
  handler: () => "seen",
});
const principal = { id: "u", tenant: "t" };
const options = {
  tools: [look],
  limits: [
    { name: "hourly", per: ["principal"], capacity: 3, windowMs: 3_600_000 },
    { name: "daily", per: ["tenant"], capacity: 5, windowMs: 86_400_000, algorithm: "fixed-window" },
  ],
} as const;

const codeOf = async (registry: Registry): Promise<string> => {
  const outcome = await registry.execute("look", {}, { principal });
  return outcome.ok ? "ok" : outcome.error.code;
};

/** What one registry has used up, and the next one finds. */
async function assertKept(openStores: () => Promise<Stores>): Promise<void> {
  const first = await openRegistry({ ...options, stores: await openStores() });
  for (let call = 0; call < 3; call++) expect(await codeOf(first)).toBe("ok");
  expect(await codeOf(first)).toBe("QUOTA_EXCEEDED");
  const before = await first.quotas.remaining(principal);
  await first.close();

  const second = await openRegistry({ ...options, stores: await openStores() });
  expect(await codeOf(second)).toBe("QUOTA_EXCEEDED");
  const after = await second.quotas.remaining(principal);
  expect(after.map(({ limit, remaining }) => [limit, remaining])).toEqual(
    before.map(({ limit, remaining }) => [limit, remaining]),
  );
  await second.quotas.reset(principal);
  await second.close();

  const third = await openRegistry({ ...options, stores: await openStores() });
  expect(await codeOf(third)).toBe("ok");
  await third.close();
}

describe("quotas in SQLite", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), "toolyard-quotas-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it("are what they were after a restart, and whole after a reset", async () => {
    await assertKept(() => openSqliteStores({ dir: path.join(dir, "one") }));
  });

  it("are those of the store that the program brings", async () => {
    const stores = () => openSqliteStores({ dir: path.join(dir, "own") });
    const clock = createManualClock();
    for (let round = 0; round < 2; round++) {
      const quotaStore = createMemoryQuotaStore({ clock });
      const registry = await openRegistry({ ...options, quotaStore, stores: await stores() });
      for (let call = 0; call < 3; call++) expect(await codeOf(registry)).toBe("ok");
      await registry.close();
    }
  });
});

describe.skipIf(!hasPostgres())("quotas in PostgreSQL", () => {
  let postgres: PrivatePostgres;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());

  it("are what they were after a restart, and whole after a reset", async () => {
    await assertKept(() => openPostgresStores({ url: postgres.url }));
  });
});
