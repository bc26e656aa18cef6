import { describe, expect, test } from "vitest";
import { createPrincipal } from "../call/principal.ts";
import { createMemoryQuotaStore, createMemorySlotStore } from "../stores/memory/index.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import type { Limit } from "../tool/limit.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createLimiter, type Limiter } from "./index.ts";

const HOUR = 3_600_000;
const alice = createPrincipal({ id: "alice", roles: ["USER", "AUDITOR"] });
const bob = createPrincipal({ id: "bob" });

const hourly: Limit = { name: "hourly", per: ["principal"], capacity: 10, windowMs: HOUR };
const shared: Limit = { name: "shared", per: [], capacity: 100, windowMs: HOUR };
const own: Limit = { name: "own", per: ["role"], capacity: 5, windowMs: 1_000, burst: 2 };
const daily: Limit = {
  name: "daily",
  per: ["principal"],
  capacity: 50,
  windowMs: 24 * HOUR,
  algorithm: "fixed-window",
};
const TOOL = { name: "a", limits: [own, { ...hourly, capacity: 4 }], concurrency: [] } as unknown as ToolVersion;

function open(limits: readonly Limit[] = [hourly, shared]): { readonly limiter: Limiter; readonly clock: ManualClock } {
  const clock = createManualClock();
  const limiter = createLimiter({
    store: createMemoryQuotaStore({ clock }),
    slots: createMemorySlotStore(),
    clock,
    limits,
    concurrency: [],
    isRole: () => true,
    versionsOf: (name) => (name === "a" ? [TOOL] : []),
  });
  return { limiter, clock };
}

async function remaining(limiter: Limiter, principal = alice): Promise<readonly number[]> {
  return (await limiter.remaining(limiter.shared, principal)).map((state) => state.remaining);
}

describe("remaining", () => {
  test("tells each quota that applies, what it is for, and when it is whole again", async () => {
    const { limiter, clock } = open([hourly, shared, daily]);
    clock.stepWall(12 * HOUR);
    await limiter.consume(limiter.compile(TOOL), alice, 2);
    const at = clock.now();
    const midnight = Date.UTC(2026, 0, 2);
    expect(await limiter.remaining(limiter.compile(TOOL), alice)).toEqual([
      {
        limit: "hourly",
        scope: "principal=alice",
        remaining: 8,
        capacity: 10,
        windowMs: HOUR,
        resetsAt: at + HOUR / 5,
      },
      {
        limit: "shared",
        scope: "tenant=default",
        remaining: 98,
        capacity: 100,
        windowMs: HOUR,
        resetsAt: at + HOUR / 50,
      },
      // The window began before the wall clock stepped, and keeps its length.
      {
        limit: "daily",
        scope: "principal=alice",
        remaining: 48,
        capacity: 50,
        windowMs: 24 * HOUR,
        resetsAt: midnight + 12 * HOUR,
      },
      { limit: "a:own", scope: "tool=a, role=USER", remaining: 0, capacity: 5, windowMs: 1_000, resetsAt: at + 400 },
      { limit: "a:own", scope: "tool=a, role=AUDITOR", remaining: 0, capacity: 5, windowMs: 1_000, resetsAt: at + 400 },
      {
        limit: "a:hourly",
        scope: "tool=a, principal=alice",
        remaining: 2,
        capacity: 4,
        windowMs: HOUR,
        resetsAt: at + HOUR / 2,
      },
    ]);
    expect(await remaining(limiter, bob)).toEqual([10, 98, 50]);
  });
});

describe("check and consume", () => {
  test("check takes nothing, consume takes from all or none", async () => {
    const { limiter } = open();
    const { shared: limits } = limiter;
    expect(await limiter.check(limits, alice, 10)).toEqual({ ok: true, retryAfterMs: 0, limit: null });
    expect(await limiter.check(limits, alice, 11)).toEqual({
      ok: false,
      retryAfterMs: Number.POSITIVE_INFINITY,
      limit: "hourly",
    });
    expect(await remaining(limiter)).toEqual([10, 100]);
    expect(await limiter.consume(limits, alice)).toEqual({ ok: true, retryAfterMs: 0, limit: null });
    expect(await limiter.consume(limits, alice, 10)).toEqual({ ok: false, retryAfterMs: HOUR / 10, limit: "hourly" });
    expect(await limiter.check(limits, alice, 10)).toEqual({ ok: false, retryAfterMs: HOUR / 10, limit: "hourly" });
    expect(await remaining(limiter)).toEqual([9, 99]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "1"])("refuse %s as a cost", async (cost) => {
    const { limiter } = open();
    for (const act of [limiter.check, limiter.consume]) {
      await expect(act(limiter.shared, alice, cost as number)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    }
    expect(await remaining(limiter)).toEqual([10, 100]);
  });
});

describe("reset", () => {
  test("makes the principal's own quotas whole and leaves those it shares", async () => {
    const { limiter } = open();
    await limiter.consume(limiter.shared, alice, 10);
    await limiter.consume(limiter.shared, bob, 10);
    await limiter.reset(limiter.shared, alice);
    expect(await remaining(limiter)).toEqual([10, 80]);
    expect(await remaining(limiter, bob)).toEqual([0, 80]);
  });
});

describe("override", () => {
  test("gives one principal another measure, carries the debt over, and can be taken back", async () => {
    const { limiter } = open();
    await limiter.consume(limiter.shared, alice, 8);
    limiter.override(alice, "hourly", { capacity: 20 });
    expect(await remaining(limiter)).toEqual([12, 92]);
    // The same person with another session.
    expect(await remaining(limiter, createPrincipal({ id: "alice" }))).toEqual([12, 92]);
    expect(await remaining(limiter, createPrincipal({ id: "alice", tenant: "acme" }))).toEqual([10, 100]);
    expect(await remaining(limiter, bob)).toEqual([10, 92]);
    expect(limiter.overrides).toEqual([{ tenant: "default", principal: "alice", limit: "hourly", capacity: 20 }]);
    expect((await limiter.consume(limiter.shared, alice, 12)).ok).toBe(true);
    expect(limiter.admit(limiter.shared, alice, 1, false)).toMatchObject({ capacity: 20, retryAfterMs: HOUR / 20 });
    limiter.override(alice, "hourly", null);
    expect(limiter.overrides).toEqual([]);
    expect(limiter.admit(limiter.shared, alice, 1, false)).toMatchObject({
      capacity: 10,
      retryAfterMs: (11 * HOUR) / 10,
    });
  });

  test("replaces window and burst where it names them, and keeps the limit's otherwise", async () => {
    const { limiter, clock } = open([{ ...hourly, burst: 3 }, daily]);
    limiter.override(alice, "hourly", { capacity: 60, windowMs: 60_000 });
    limiter.override(alice, "daily", { capacity: 5 });
    expect(await remaining(limiter)).toEqual([3, 5]);
    await limiter.consume(limiter.shared, alice, 3);
    await clock.advance(1_000);
    expect(await remaining(limiter)).toEqual([1, 2]);
    limiter.override(alice, "hourly", { capacity: 60, windowMs: 60_000, burst: 30 });
    expect(await remaining(limiter)).toEqual([28, 2]);
  });

  test("reaches principals that have called for long, at their next call", async () => {
    const { limiter } = open();
    const many = Array.from({ length: 40 }, (_, index) => createPrincipal({ id: `u${index}` }));
    for (let round = 0; round < 40; round++) for (const one of many) limiter.admit(limiter.shared, one, 0.01, false);
    for (const one of many) limiter.override(one, "hourly", { capacity: 1 });
    for (const one of many) expect((await limiter.remaining(limiter.shared, one))[0]?.capacity).toBe(1);
    for (const one of many) limiter.override(one, "hourly", null);
    for (const one of many) expect((await limiter.remaining(limiter.shared, one))[0]?.capacity).toBe(10);
  });

  test("leaves the burst out where a version of the tool counts in windows", async () => {
    const { limiter } = open();
    const counted: Limit = { ...hourly, algorithm: "fixed-window" };
    limiter.override(alice, "a:hourly", { capacity: 9, burst: 3 });
    const limits = limiter.compile({ ...TOOL, limits: [counted] });
    expect((await limiter.remaining(limits, alice)).at(-1)).toMatchObject({ limit: "a:hourly", remaining: 9 });
    expect((await limiter.remaining(limiter.compile(TOOL), alice)).at(-1)).toMatchObject({ remaining: 3 });
    expect(limiter.admit(limits, alice, 10, false)).toMatchObject({
      message: expect.stringContaining("at most 9 fit at once"),
    });
    expect(limiter.admit(limits, alice, 9, false)).toBeNull();
  });

  test("reaches a tool's own limit by its full name", async () => {
    const { limiter } = open();
    limiter.override(alice, "a:hourly", { capacity: 1 });
    expect((await limiter.remaining(limiter.compile(TOOL), alice)).at(-1)).toMatchObject({
      limit: "a:hourly",
      remaining: 1,
    });
  });

  test.each<[string, unknown, string, string]>([
    [
      "hurly",
      { capacity: 1 },
      "UNKNOWN_LIMIT",
      'override: received "hurly", expected one of hourly, shared, or <tool>:<limit> for a tool\'s own; did you mean "hourly"?',
    ],
    ["a:hurly", { capacity: 1 }, "UNKNOWN_LIMIT", 'did you mean "a:hourly"?'],
    ["b:hourly", { capacity: 1 }, "UNKNOWN_LIMIT", 'received "b:hourly"'],
    ["hurly", null, "UNKNOWN_LIMIT", 'received "hurly"'],
    [
      "shared",
      { capacity: 1 },
      "INVALID_OPTION",
      'override: received "shared", which others share; expected a limit that is kept per principal',
    ],
    ["a:own", { capacity: 1 }, "INVALID_OPTION", "which others share"],
    ["hourly", { capacity: 0 }, "INVALID_OPTION", "override.capacity: received 0, expected a number from 0.000001"],
    ["hourly", { capacity: 1, window: 5 }, "INVALID_OPTION", "override.window: is not known"],
    ["daily", { capacity: 1, burst: 1 }, "INVALID_OPTION", "override.burst: a fixed window has no burst"],
  ])("refuses %s with %j", (limit, spec, code, message) => {
    const { limiter } = open(limit === "daily" ? [daily] : undefined);
    const act = (): void => {
      limiter.override(alice, limit, spec as { capacity: number } | null);
    };
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
    expect(limiter.overrides).toEqual([]);
  });

  test("keeps at most 10,000, and says so", () => {
    const { limiter } = open();
    const principals = Array.from({ length: 10_001 }, (_, index) => createPrincipal({ id: `u${index}` }));
    for (const principal of principals.slice(0, 10_000)) limiter.override(principal, "hourly", { capacity: 1 });
    const last = principals[10_000] as typeof alice;
    expect(() => {
      limiter.override(last, "hourly", { capacity: 1 });
    }).toThrow("there are 10000 already");
    limiter.override(principals[0] as typeof alice, "hourly", { capacity: 2 });
    limiter.override(principals[1] as typeof alice, "hourly", null);
    limiter.override(last, "hourly", { capacity: 1 });
    expect(limiter.overrides).toHaveLength(10_000);
  });
});
