// No cached answer crosses the scope that its tool declares: over whole registries whose handlers put into the answer whom
// they ran for, and over the keys themselves. Both properties are shown to fail for keys that forget something.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPrincipal, type Principal, type PrincipalInput } from "../../src/call/principal.ts";
import { createRegistry } from "../../src/core/create-registry.ts";
import type { JsonValue } from "../../src/kernel/json.ts";
import { toCacheKey } from "../../src/pipeline/cache-key.ts";
import type { CacheStore } from "../../src/ports/cache-store.ts";
import { createMemoryCacheStore } from "../../src/stores/memory/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import { publishTool } from "../../src/tool/publish.ts";
import { CACHE_SCOPES, type CacheScope } from "../../src/tool/resilience.ts";
import type { ToolVersion } from "../../src/tool/tool-version.ts";

const shuffled = (values: readonly string[]): fc.Arbitrary<string[]> => fc.shuffledSubarray([...values]);
const attributes = fc.constantFrom<Readonly<Record<string, JsonValue>>>(
  {},
  { team: "a" },
  { team: "b" },
  { team: ["a"] },
  { tenant: "acme" },
);
const who: fc.Arbitrary<PrincipalInput> = fc.record({
  // Texts that would run into one another if keys were put together carelessly.
  tenant: fc.constantFrom("default", "acme", "principal", "a", "aa"),
  id: fc.constantFrom("u1", "u2", "a", "aa", "public", '","'),
  roles: shuffled(["USER", "GUEST", "ADMIN"]).filter((roles) => roles.length > 0),
  scopes: shuffled(["USER", "orders:read"]),
  attributes,
});
const args = fc.constantFrom<Readonly<Record<string, JsonValue>>>(
  {},
  { n: 1 },
  { n: "1" },
  { n: [1] },
  { n: { n: 1 } },
  { m: 1, n: 2 },
  { n: "x".repeat(200) },
  { n: `${"x".repeat(199)}y` },
);

/** Whether `two` may get an answer that was given to `one`. Written without a look at how keys are made. */
function mayShare(scope: CacheScope, one: PrincipalInput, two: PrincipalInput): boolean {
  if (scope === "public") return true;
  if (one.tenant !== two.tenant) return false;
  const set = (texts: readonly string[] = []): readonly string[] => [...texts].sort();
  return (
    scope === "tenant" ||
    (one.id === two.id &&
      isDeepStrictEqual(set(one.roles), set(two.roles)) &&
      isDeepStrictEqual(set(one.scopes), set(two.scopes)) &&
      isDeepStrictEqual(one.attributes, two.attributes))
  );
}

describe("what a caller gets", () => {
  interface Canary {
    readonly tool: string;
    readonly principal: PrincipalInput;
    readonly input: unknown;
  }
  interface Asked {
    readonly scope: CacheScope;
    readonly principal: PrincipalInput;
    readonly input: Readonly<Record<string, JsonValue>>;
    /** Whether the arguments come as text. */
    readonly asText: boolean;
  }
  /** Calls made at the same time, what the tools are like meanwhile, and the time after them. */
  interface Round {
    readonly calls: readonly Asked[];
    readonly sick: boolean;
    readonly pauseMs: number;
  }
  const asked: fc.Arbitrary<Asked> = fc.record({
    scope: fc.constantFrom(...CACHE_SCOPES),
    principal: who,
    input: fc.constantFrom<Asked["input"]>({}, { n: 1 }, { n: 2 }),
    asText: fc.boolean(),
  });
  const rounds: fc.Arbitrary<readonly Round[]> = fc.array(
    fc.record({
      calls: fc.array(asked, { minLength: 1, maxLength: 8 }),
      sick: fc.boolean(),
      // Fresh, stale while a new one is fetched, stale when the tool fails, gone.
      pauseMs: fc.constantFrom(0, 60, 120, 400, 2_000),
    }),
    { minLength: 1, maxLength: 6 },
  );

  function open(mutate: (key: string) => string) {
    const clock = createManualClock();
    const store = createMemoryCacheStore({ clock });
    const cacheStore: CacheStore = {
      get: (key) => store.get(mutate(key)),
      set: (key, value, keepMs) => {
        store.set(mutate(key), value, keepMs);
      },
      clear: () => {
        store.clear();
      },
    };
    const state = { sick: false };
    const tools = CACHE_SCOPES.map((scope) =>
      defineTool({
        name: scope,
        version: "1.0.0",
        description: "For tests.",
        effect: "read",
        access: { roles: ["USER", "GUEST", "ADMIN"] },
        cache: { ttlMs: 100, staleWhileRevalidateMs: 100, staleIfErrorMs: 1_000, scope },
        input: { type: "object" },
        handler: async (input, { tool, principal }) => {
          await Promise.resolve();
          if (state.sick) throw new Error("x");
          const { tenant, id, roles, scopes, attributes: given } = principal;
          return { tool: tool.name, principal: { tenant, id, roles, scopes, attributes: given }, input };
        },
      }),
    );
    const registry = createRegistry({ tools, clock, cacheStore, retry: false, limits: [] });
    return { registry, clock, state };
  }

  /** Resolves to how many answers came out of the cache; throws at the first one that is not the caller's. */
  async function play(drawn: readonly Round[], mutate: (key: string) => string): Promise<number> {
    const { registry, clock, state } = open(mutate);
    let cached = 0;
    for (const { calls, sick, pauseMs } of drawn) {
      state.sick = sick;
      const outcomes = await Promise.all(
        calls.map(({ scope, principal, input, asText }) =>
          registry.execute(scope, asText ? JSON.stringify(input, null, 1) : input, { principal }),
        ),
      );
      outcomes.forEach((outcome, index) => {
        if (!outcome.ok) return;
        const { scope, principal, input } = calls[index] as Asked;
        const canary = outcome.output as Canary;
        if (outcome.meta.cached !== null) cached++;
        expect(canary.tool).toBe(scope);
        expect(canary.input).toEqual(input);
        expect(mayShare(scope, canary.principal, principal), JSON.stringify([canary, principal])).toBe(true);
      });
      await clock.advance(pauseMs);
    }
    return cached;
  }

  it("was made for somebody with whom the tool lets answers be shared", async () => {
    let cached = 0;
    await fc.assert(
      fc.asyncProperty(rounds, async (drawn) => {
        cached += await play(drawn, (key) => key);
      }),
      { numRuns: 150 },
    );
    // The property has seen something.
    expect(cached).toBeGreaterThan(100);
  });

  it.each<[string, (key: string) => string]>([
    ["its tenant", (key) => key.slice(key.indexOf("\0"))],
    ["the principal", (key) => key.replace(/\0principal\0sha256:[0-9a-f]+/, "\0principal")],
    ["the arguments", (key) => key.slice(0, key.lastIndexOf("\0"))],
  ])("would be another's if a key forgot %s", async (_, mutate) => {
    const property = fc.asyncProperty(rounds, async (drawn) => {
      await play(drawn, mutate);
    });
    expect((await fc.check(property, { numRuns: 150, endOnFailure: true })).failed).toBe(true);
  });
});

describe("the key of an answer", () => {
  interface Case {
    readonly version: ToolVersion;
    readonly principal: Principal;
    readonly input: Readonly<Record<string, JsonValue>>;
    readonly received: unknown;
  }
  type ToKey = (scope: CacheScope, drawn: Case) => string | null;

  const versions = ["1.0.0", "1.0.1"].map((version) => {
    const published = publishTool({ name: "t", version, description: "For tests.", effect: "read", handler: () => 1 });
    if (!published.ok) throw new Error("the definition was refused");
    return published.tool.version;
  });
  const drawn: fc.Arbitrary<Case> = fc
    .record({ version: fc.constantFrom(...versions), principal: who, input: args, asText: fc.boolean() })
    .map(({ version, principal, input, asText }) => ({
      version,
      principal: createPrincipal(principal),
      input,
      received: asText ? JSON.stringify(input, null, 2) : input,
    }));
  /** The second is like the first but for a few things, or keys would hardly ever be the same. */
  const pair = fc
    .tuple(
      drawn,
      drawn,
      fc.record({ version: fc.boolean(), input: fc.boolean() }),
      fc.subarray(["tenant", "id", "roles", "scopes", "attributes"] as const),
    )
    .map(([one, other, keeps, kept]): readonly [Case, Case] => {
      const same = Object.fromEntries(kept.map((field) => [field, one.principal[field]]));
      const two: Case = {
        version: keeps.version ? one.version : other.version,
        principal: createPrincipal({ ...other.principal, ...same }),
        input: keeps.input ? one.input : other.input,
        received: keeps.input ? one.input : other.received,
      };
      return [one, two];
    });

  const isTrue = (toKey: ToKey) =>
    fc.property(fc.constantFrom(...CACHE_SCOPES), pair, (scope, [one, two]) => {
      const shared =
        one.version.digest === two.version.digest &&
        isDeepStrictEqual(one.input, two.input) &&
        mayShare(scope, one.principal, two.principal);
      expect(toKey(scope, one) === toKey(scope, two)).toBe(shared);
    });
  const real: ToKey = (scope, { version, principal, received, input }) =>
    toCacheKey(version, scope, principal, { received, input });
  const without =
    (change: Partial<Principal>): ToKey =>
    (scope, given) =>
      real(scope, { ...given, principal: { ...given.principal, ...change } });

  it("is that of another call exactly when the tool says that they may share an answer", () => {
    fc.assert(isTrue(real), { numRuns: 5_000 });
  });

  it.each<[string, ToKey]>([
    ["roles", without({ roles: [] })],
    ["scopes", without({ scopes: [] })],
    ["attributes", without({ attributes: {} })],
    ["the id", without({ id: "somebody" })],
    ["the tenant", without({ tenant: "default" })],
    ["the definition", (scope, given) => real(scope, { ...given, version: versions[0] as ToolVersion })],
    ["the arguments", (scope, given) => real(scope, { ...given, input: {}, received: {} })],
    ["the scope", (_, given) => real("tenant", given)],
    ["that roles have no order", (scope, given) => `${real(scope, given)}${given.principal.roles.join()}`],
  ])("would not be that if it forgot %s", (_, toKey) => {
    expect(fc.check(isTrue(toKey), { numRuns: 5_000, endOnFailure: true }).failed).toBe(true);
  });

  it("begins with the tenant, or with none when everybody shares the answer", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CACHE_SCOPES), drawn, (scope, given) => {
        const begins = scope === "public" ? "\0" : `${given.principal.tenant}\0`;
        expect(real(scope, given)?.startsWith(begins)).toBe(true);
      }),
    );
  });

  it("is none when there is no telling what it would be of", () => {
    const [version] = versions as [ToolVersion];
    const somebody = createPrincipal({ id: "u1" });
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    for (const received of [cyclic, { n: Number.NaN }, { n: 1n }, { text: "\ud800" }]) {
      expect(toCacheKey(version, "public", somebody, { received, input: {} })).toBeNull();
    }
    const map = createPrincipal({ id: "u1", attributes: { teams: new Map() as never } });
    expect(toCacheKey(version, "principal", map, { received: {}, input: {} })).toBeNull();
    expect(toCacheKey(version, "tenant", map, { received: {}, input: {} })).not.toBeNull();
  });
});
