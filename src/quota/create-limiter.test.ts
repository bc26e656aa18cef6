import { describe, expect, test } from "vitest";
import { createPrincipal, type Principal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { QuotaStore, SlotStore } from "../ports/quota-store.ts";
import { createMemoryQuotaStore, createMemorySlotStore } from "../stores/memory/index.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import type { ConcurrencyLimit, Limit } from "../tool/limit.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createLimiter, DEFAULT_CONCURRENCY, DEFAULT_LIMITS, type Limiter, type LimiterOptions } from "./index.ts";

const HOUR = 3_600_000;
const ROLES: readonly string[] = ["ADMIN", "USER", "GUEST", "AUDITOR"];

const alice = createPrincipal({ id: "alice", roles: ["USER"] });
const bob = createPrincipal({ id: "bob", roles: ["USER", "AUDITOR"] });
const foreign = createPrincipal({ id: "alice", tenant: "acme", roles: ["USER"] });

interface Opened {
  readonly limiter: Limiter;
  readonly clock: ManualClock;
  readonly store: QuotaStore;
  readonly slots: SlotStore;
}

function open(options: Partial<LimiterOptions> = {}): Opened {
  const clock = createManualClock();
  const store = options.store ?? createMemoryQuotaStore({ clock });
  const slots = options.slots ?? createMemorySlotStore();
  const limiter = createLimiter({
    clock,
    limits: [],
    concurrency: [],
    isRole: (role) => ROLES.includes(role),
    versionsOf: () => [],
    ...options,
    store,
    slots,
  });
  return { limiter, clock, store, slots };
}

function tool(name: string, limits: readonly Limit[] = [], concurrency: readonly ConcurrencyLimit[] = []): ToolVersion {
  return { name, limits, concurrency } as ToolVersion;
}

function hourly(capacity: number, other: Partial<Limit> = {}): Limit {
  return { name: "hourly", per: ["principal"], capacity, windowMs: HOUR, ...other };
}

/** How many calls of cost 1 in a row are admitted, 20 at the most. */
async function count(limiter: Limiter, principal: Principal, of: ToolVersion = tool("a")): Promise<number> {
  for (let admitted = 0; admitted < 20; admitted++) {
    if ((await limiter.admit(limiter.compile(of), principal, 1, false)) !== null) return admitted;
  }
  return 20;
}

describe("admit", () => {
  test("refuses when a quota is used up, says why, and admits again when it has come back", async () => {
    const { limiter, clock } = open({ limits: [hourly(3)] });
    expect(await count(limiter, alice)).toBe(3);
    expect(limiter.admit(limiter.compile(tool("a")), alice, 1, false)).toEqual({
      limit: "hourly",
      capacity: 3,
      windowMs: HOUR,
      resetsInMs: HOUR,
      retryAfterMs: HOUR / 3,
      message: 'Quota "hourly" is used up: 3 per 60min for this principal. Try again in 20min.',
    });
    await clock.advance(HOUR / 3);
    expect(await count(limiter, alice)).toBe(1);
  });

  test("takes from all limits or from none", async () => {
    const { limiter } = open({ limits: [hourly(10), hourly(2, { name: "tight", per: [] })] });
    const limits = limiter.compile(tool("a"));
    expect(limiter.admit(limits, alice, 3, false)).toMatchObject({ limit: "tight" });
    expect((await limiter.remaining(limits, alice)).map(({ remaining }) => remaining)).toEqual([10, 2]);
  });

  test("refuses for ever what costs more than ever fits", () => {
    const { limiter } = open({ limits: [hourly(100, { burst: 10 })] });
    expect(limiter.admit(limiter.compile(tool("a")), alice, 11, false)).toMatchObject({
      retryAfterMs: Number.POSITIVE_INFINITY,
      message:
        'Quota "hourly" cannot cover this call: it costs 11, and at most 10 fit at once (100 per 60min for this principal). Trying again does not help.',
    });
  });

  test("keeps quotas per what the limit says", async () => {
    const at = (id: string, ip: string): Principal => createPrincipal({ id, ip, roles: ["USER"] });
    const cases: readonly [Limit["per"], shared: readonly [Principal, string], apart: readonly [Principal, string]][] =
      [
        [["principal"], [alice, "b"], [bob, "a"]],
        [["tenant"], [bob, "b"], [foreign, "a"]],
        [[], [bob, "b"], [foreign, "a"]],
        [["tool"], [bob, "a"], [alice, "b"]],
        [
          ["principal", "tool"],
          [alice, "a"],
          [alice, "b"],
        ],
        [["ip"], [at("x", "unknown"), "b"], [at("alice", "1.2.3.4"), "a"]],
      ];
    for (const [per, shared, apart] of cases) {
      const { limiter } = open({ limits: [hourly(3, { per })] });
      expect(await count(limiter, alice, tool("a")), `${per.join()} first`).toBe(3);
      expect(await count(limiter, shared[0], tool(shared[1])), `${per.join()} shared`).toBe(0);
      expect(await count(limiter, apart[0], tool(apart[1])), `${per.join()} apart`).toBe(3);
    }
  });

  test("counts a call against each role of its principal", async () => {
    const { limiter } = open({ limits: [hourly(3, { per: ["role"] })] });
    const auditor = createPrincipal({ id: "carol", roles: ["AUDITOR", "AUDITOR"] });
    expect(await count(limiter, auditor)).toBe(3);
    expect(limiter.admit(limiter.shared, bob, 1, false)).toMatchObject({
      message: 'Quota "hourly" is used up: 3 per 60min for role AUDITOR. Try again in 20min.',
    });
    expect(await count(limiter, alice)).toBe(3);
  });

  test("keeps one quota for all who hold no role that there is, however many names they bring", async () => {
    const { limiter } = open({ limits: [hourly(3, { per: ["role"] })] });
    expect(limiter.admit(limiter.shared, createPrincipal({ id: "none", roles: [] }), 1, false)).toBeNull();
    expect(limiter.admit(limiter.shared, createPrincipal({ id: "x", roles: ["GHOST1"] }), 1, false)).toBeNull();
    expect(limiter.admit(limiter.shared, createPrincipal({ id: "y", roles: ["GHOST2"] }), 1, false)).toBeNull();
    expect(limiter.admit(limiter.shared, createPrincipal({ id: "z", roles: ["GHOST3"] }), 1, false)).not.toBeNull();
  });

  test("applies a limit with roles to those who were given one of them, not to those who inherit it", async () => {
    const { limiter } = open({ limits: [hourly(3, { roles: ["USER"] })] });
    expect(await count(limiter, alice)).toBe(3);
    expect(await count(limiter, createPrincipal({ id: "root", roles: ["ADMIN"] }))).toBe(20);
    expect(await count(limiter, createPrincipal({ id: "guest", roles: ["GUEST"] }))).toBe(20);
    const any = open({ limits: [hourly(3, { roles: ["USER", "AUDITOR"] })] }).limiter;
    expect(await count(any, alice)).toBe(3);
  });

  test("adds a tool's own limits, which are per tool and bear its name", async () => {
    const { limiter } = open({ limits: [hourly(10)] });
    const own = tool("orders.get", [hourly(2), { per: [], capacity: 4, windowMs: 60_000 }]);
    expect(limiter.compile(own).names).toEqual(["hourly", "orders.get:hourly", "orders.get:4-per-1min"]);
    expect(await count(limiter, alice, own)).toBe(2);
    expect(limiter.admit(limiter.compile(own), alice, 1, false)).toMatchObject({
      message:
        'Quota "orders.get:hourly" is used up: 2 per 60min for this principal and this tool. Try again in 30min.',
    });
    expect(await count(limiter, bob, own)).toBe(2);
    expect(await count(limiter, foreign, tool("orders.list", [hourly(2)]))).toBe(2);
    expect(await count(limiter, alice, tool("orders.list", [hourly(2)]))).toBe(2);
    expect(await count(limiter, alice, tool("other"))).toBe(6);
  });

  test("shares a tool's own quota over its versions", async () => {
    const { limiter } = open();
    expect(await count(limiter, alice, tool("a", [hourly(3)]))).toBe(3);
    expect(await count(limiter, alice, tool("a", [hourly(5)]))).toBe(2);
  });

  test("takes the cost of each call, and nothing for a cost of 0", () => {
    const { limiter } = open({ limits: [hourly(10)] });
    const limits = limiter.compile(tool("a"));
    for (const cost of [4, 0.5, 4, 1, 0.5]) expect(limiter.admit(limits, alice, cost, false)).toBeNull();
    expect(limiter.admit(limits, alice, 0.5, false)).not.toBeNull();
    expect(limiter.admit(limits, alice, 0, false)).toBeNull();
  });

  test("does not ask the store about a call that costs nothing, or that nothing limits", async () => {
    const store: QuotaStore = {
      take: () => Promise.reject(new Error("asked")),
      read: () => Promise.reject(new Error("asked")),
      reset: () => Promise.reject(new Error("asked")),
    };
    const { limiter } = open({ store, limits: [hourly(10, { roles: ["AUDITOR"] })] });
    expect(limiter.admit(limiter.shared, bob, 0, false)).toBeNull();
    expect(limiter.admit(limiter.shared, alice, 1, false)).toBeNull();
    await expect(limiter.admit(limiter.shared, bob, 1, false)).rejects.toThrow("asked");
  });

  test("takes nothing in a dry run and answers the same", async () => {
    const { limiter } = open({ limits: [hourly(3), hourly(5, { name: "five", per: [] })] });
    const limits = limiter.compile(tool("a"));
    for (let again = 0; again < 9; again++) expect(limiter.admit(limits, alice, 3, true)).toBeNull();
    expect(limiter.admit(limits, alice, 3, false)).toBeNull();
    const refusal = limiter.admit(limits, alice, 3, true);
    expect(refusal).toMatchObject({ limit: "hourly", retryAfterMs: HOUR });
    expect(limiter.admit(limits, alice, 3, false)).toEqual(refusal);
  });

  test("serves principals made anew for every call like one that lives on", async () => {
    const { limiter } = open({ limits: [hourly(10)] });
    const limits = limiter.compile(tool("a"));
    for (let call = 0; call < 10; call++) {
      expect(limiter.admit(limits, createPrincipal({ id: "alice", roles: ["USER"] }), 1, false)).toBeNull();
      for (let other = 0; other < 40; other++)
        limiter.admit(limits, createPrincipal({ id: `u${call}-${other}` }), 1, false);
    }
    expect(await count(limiter, alice)).toBe(0);
  });

  test("asks the store once for all limits, and waits for one that answers later", async () => {
    const { store: inner } = open();
    const asked: (readonly { readonly key: string; readonly cost: number }[])[] = [];
    const later: QuotaStore = {
      async take(requests) {
        await Promise.resolve();
        asked.push(requests.map(({ key, cost }) => ({ key, cost })));
        return inner.take(requests);
      },
      read: async (requests) => inner.read(requests),
      reset: async (keys) => inner.reset(keys),
    };
    const { limiter } = open({ store: later, limits: [hourly(3), hourly(5, { name: "five", per: [] })] });
    const limits = limiter.compile(tool("a"));
    const [first, second] = [limiter.admit(limits, alice, 2, false), limiter.admit(limits, alice, 1, false)];
    expect([await first, await second]).toEqual([null, null]);
    // The second call must not have changed what the first one asks for.
    expect(asked.map((requests) => requests.map(({ cost }) => cost))).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(await limiter.admit(limits, alice, 1, false)).toMatchObject({ limit: "hourly" });
    expect(await limiter.admit(limits, alice, 1, true)).toMatchObject({ limit: "hourly" });
  });
});

describe("compile", () => {
  test("gives a version its limits once, and versions without own limits the same", () => {
    const { limiter } = open({ limits: [hourly(3)] });
    const own = tool("a", [hourly(2)]);
    expect(limiter.compile(own)).toBe(limiter.compile(own));
    expect(limiter.compile(tool("a"))).toBe(limiter.compile(tool("b")));
    expect(limiter.shared.names).toEqual(["hourly"]);
  });

  test("keeps what is per tool out of questions that name none", () => {
    const { limiter } = open({ limits: [hourly(3), hourly(9, { name: "each", per: ["tool"] })] });
    expect(limiter.shared.names).toEqual(["hourly"]);
    expect(limiter.compile(tool("a")).names).toEqual(["hourly", "each"]);
    expect(limiter.names).toEqual(["hourly", "each"]);
  });

  test("refuses options that cannot be used, all at once", () => {
    const limits = [hourly(0), hourly(1, { windowMs: -1 })];
    const concurrency = [{ per: [], max: 0 }];
    expect(() => open({ limits, concurrency })).toThrow(ToolyardError);
    try {
      open({ limits, concurrency });
    } catch (error) {
      const { code, problems } = error as ToolyardError;
      expect(code).toBe("INVALID_OPTION");
      expect(problems.map(({ path }) => path)).toEqual([
        "limits[0].capacity",
        "limits[1].windowMs",
        "concurrency[0].max",
      ]);
    }
  });

  test("has defaults that can be used", async () => {
    const { limiter } = open({ limits: DEFAULT_LIMITS, concurrency: DEFAULT_CONCURRENCY });
    expect(await limiter.remaining(limiter.shared, alice)).toMatchObject([
      { limit: "default", remaining: 100, capacity: 100, windowMs: HOUR },
    ]);
    const limits = limiter.compile(tool("a"));
    for (let running = 0; running < 256; running++)
      expect(limiter.reserve(limits, alice, false)).toMatchObject({ ok: true });
    expect(limiter.reserve(limits, alice, false)).toMatchObject({ ok: false, max: 256 });
  });
});

describe("reserve", () => {
  const running = (max: number, per: Limit["per"] = ["principal"]): ConcurrencyLimit => ({
    name: `max${max}`,
    per,
    max,
  });

  test("takes a slot of every limit or of none, and gives them back once", () => {
    const { limiter } = open({ concurrency: [running(2), running(3, [])] });
    const limits = limiter.compile(tool("a"));
    const first = limiter.reserve(limits, alice, false);
    limiter.reserve(limits, alice, false);
    expect(limiter.reserve(limits, alice, false)).toEqual({
      ok: false,
      limit: "max2",
      max: 2,
      message:
        'Too many calls are running: at most 2 at once for this principal (limit "max2"). Try again when one of them has ended.',
    });
    expect(limiter.reserve(limits, bob, false)).toMatchObject({ ok: true });
    expect(limiter.reserve(limits, bob, false)).toMatchObject({ ok: false, limit: "max3" });
    const { release } = first as { release: () => void };
    release();
    release();
    expect(limiter.reserve(limits, bob, false)).toMatchObject({ ok: true });
    expect(limiter.reserve(limits, bob, false)).toMatchObject({ ok: false });
  });

  test("adds a tool's own, per tool and by role", () => {
    const { limiter } = open({ concurrency: [{ per: ["role"], max: 5, roles: ["AUDITOR"] }] });
    const own = tool("a", [], [{ per: [], max: 1 }]);
    expect(limiter.reserve(limiter.compile(own), alice, false)).toMatchObject({ ok: true });
    expect(limiter.reserve(limiter.compile(own), bob, false)).toMatchObject({
      limit: "a:1-running",
      message:
        'Too many calls are running: at most 1 at once for this tool (limit "a:1-running"). Try again when one of them has ended.',
    });
    expect(limiter.reserve(limiter.compile(tool("b", [], [{ per: [], max: 1 }])), alice, false)).toMatchObject({
      ok: true,
    });
  });

  test("takes nothing in a dry run, where nothing limits, and waits for a store that answers later", async () => {
    const inner = createMemorySlotStore();
    const slots: SlotStore = { take: async (requests) => inner.take(requests), read: async (keys) => inner.read(keys) };
    const { limiter } = open({ slots, concurrency: [running(1)] });
    const limits = limiter.compile(tool("a"));
    expect(await limiter.reserve(limits, alice, true)).toEqual({ ok: true, release: null });
    expect(inner.size).toBe(0);
    expect(await limiter.reserve(limits, alice, false)).toMatchObject({ ok: true });
    expect(await limiter.reserve(limits, alice, true)).toMatchObject({ ok: false, limit: "max1" });
    expect(await limiter.reserve(limits, alice, false)).toMatchObject({ ok: false, limit: "max1" });
    expect(open().limiter.reserve(open().limiter.shared, alice, false)).toEqual({ ok: true, release: null });
  });
});
