// the database is killed, or hangs, while calls run. What was acknowledged is there afterwards, nothing is dispatched whose
// intent is not, no call waits past its deadline, and all goes on when the database is back.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../src/audit/chain/index.ts";
import { defineTool, openRegistry, type Outcome, type Registry } from "../../src/index.ts";
import { openPostgresStores } from "../../src/stores/sql/postgres/index.ts";
import { hasPostgres, type PrivatePostgres, startPrivatePostgres } from "../postgres/private-postgres.ts";

const KILLS = 20;
const CALLERS = 16;
const DEADLINE_MS = 5_000;

/** How often the effect of each key happened. */
type Effects = Map<string, number>;

async function open(url: string, schema: string, effects: Effects): Promise<Registry> {
  const pay = defineTool({
    name: "pay",
    version: "1.0.0",
    description: "Pays.",
    effect: "write",
    timeoutMs: DEADLINE_MS,
    access: { roles: ["USER"] },
    input: {
      type: "object",
      properties: { key: { type: "string" } },
      required: ["key"],
      additionalProperties: false,
    } as const,
    async handler(input) {
      const { key } = input as { readonly key: string };
      effects.set(key, (effects.get(key) ?? 0) + 1);
      return key;
    },
  });
  const stores = await openPostgresStores({ url, schema, timeoutMs: 2_000 });
  return openRegistry({ tools: [pay], limits: [], concurrency: [], stores });
}

const call = (registry: Registry, key: string): Promise<Outcome> =>
  registry.execute("pay", { key }, { principal: { id: "u" }, idempotencyKey: key });

describe.skipIf(!hasPostgres())("a registry over PostgreSQL", () => {
  let postgres: PrivatePostgres;
  beforeAll(async () => {
    postgres = await startPrivatePostgres();
  });
  afterAll(() => postgres.close());

  it(`loses nothing it acknowledged in ${KILLS} kills of the database`, { timeout: 240_000 }, async () => {
    const effects: Effects = new Map();
    const registry = await open(postgres.url, "killed", effects);
    const succeeded: string[] = [];
    const unclear: string[] = [];
    const codes = new Map<string, number>();
    let longest = 0;
    let keys = 0;
    let running = true;
    const caller = async (): Promise<void> => {
      while (running) {
        const key = `k${keys++}`;
        const outcome = await call(registry, key);
        longest = Math.max(longest, outcome.meta.durationMs);
        if (outcome.ok) succeeded.push(key);
        else {
          codes.set(outcome.error.code, (codes.get(outcome.error.code) ?? 0) + 1);
          if (outcome.error.effect !== "none") unclear.push(key);
          // Refused: nothing has happened, and nothing happens until the database is back.
          else await new Promise((resolve) => setImmediate(resolve));
        }
      }
    };
    const callers = Array.from({ length: CALLERS }, caller);
    for (let kill = 0; kill < KILLS; kill++) {
      const before = succeeded.length;
      await postgres.kill();
      await postgres.start();
      // It has recovered when calls succeed again.
      await expect.poll(() => succeeded.length, { timeout: 30_000, interval: 20 }).toBeGreaterThan(before + CALLERS);
    }
    running = false;
    await Promise.all(callers);

    // A refusal says that nothing was done, and nothing was.
    const done = new Set([...succeeded, ...unclear]);
    expect([...effects.keys()].filter((key) => !done.has(key))).toEqual([]);
    expect([...effects].filter(([, times]) => times > 1)).toEqual([]);
    expect([...codes.keys()].filter((code) => !EXPECTED.includes(code))).toEqual([]);
    expect(longest).toBeLessThan(2 * DEADLINE_MS);
    // What was answered with success is answered the same again, without another effect.
    for (const key of succeeded.slice(-200)) {
      const again = await call(registry, key);
      expect(again.ok || again.error.code, key).toBe(true);
    }
    expect([...effects].filter(([, times]) => times > 1)).toEqual([]);
    await registry.close();

    const stores = await openPostgresStores({ url: postgres.url, schema: "killed" });
    const recorded = new Set<string>();
    for (let cursor: string | null = null; ;) {
      const page = await stores.auditReader.search({ kind: "call.succeeded" }, "oldest", cursor, 1_000);
      for (const { bodyText } of page.records) {
        const { idempotencyKey } = JSON.parse(bodyText) as { readonly idempotencyKey: string };
        recorded.add(idempotencyKey);
      }
      cursor = page.cursor;
      if (cursor === null) break;
    }
    expect(succeeded.filter((key) => !recorded.has(key))).toEqual([]);
    const verified = await verifyChains(stores.auditReader);
    expect(verified.problems).toEqual([]);
    await stores.close();
  });

  it(
    "refuses writes while the database hangs, does nothing, and goes on when it answers",
    { timeout: 60_000 },
    async () => {
      const effects: Effects = new Map();
      const registry = await open(postgres.url, "frozen", effects);
      expect((await call(registry, "before")).ok).toBe(true);
      postgres.freeze();
      const refused = await Promise.all(Array.from({ length: 20 }, (_, index) => call(registry, `frozen${index}`)));
      for (const outcome of refused) {
        expect(outcome.ok).toBe(false);
        if (!outcome.ok) expect(["AUDIT_UNAVAILABLE", "IDEMPOTENCY_UNAVAILABLE"]).toContain(outcome.error.code);
        if (!outcome.ok) expect(outcome.error.effect).toBe("none");
      }
      expect([...effects.keys()]).toEqual(["before"]);
      expect(await registry.execute("pay", { key: "x" }, { principal: { id: "u" } })).toMatchObject({
        error: { code: "AUDIT_UNAVAILABLE", effect: "none" },
      });
      expect((await registry.health()).status).toBe("degraded");
      postgres.thaw();
      await expect.poll(async () => (await call(registry, "after")).ok, { timeout: 30_000 }).toBe(true);
      // What was refused is free: its key, too.
      await expect.poll(async () => (await call(registry, "frozen0")).ok, { timeout: 30_000 }).toBe(true);
      expect([...effects.values()].every((times) => times === 1)).toBe(true);
      await registry.close();
    },
  );
});

const EXPECTED: readonly string[] = ["AUDIT_UNAVAILABLE", "IDEMPOTENCY_UNAVAILABLE", "OUTCOME_UNKNOWN", "TIMEOUT"];
