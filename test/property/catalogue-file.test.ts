// Exported, imported into an empty state and exported again, a catalogue is the same text to the byte; imported into itself it changes nothing.
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyImport, planImport, readCatalogue, writeCatalogue } from "../../src/catalogue-file/index.ts";
import { parseYaml, toJson } from "../../src/catalogue-file/parse-yaml.ts";
import { toYamlText } from "../../src/catalogue-file/yaml-text.ts";
import { toDigest } from "../../src/kernel/canonical-json.ts";
import type { JsonObject, JsonValue } from "../../src/kernel/json.ts";
import type { CatalogChange, Change } from "../../src/ports/catalog-store.ts";
import type { SettingKind } from "../../src/ports/setting-store.ts";
import { createMemoryCatalogStore } from "../../src/stores/memory/catalog-store.ts";
import { createMemorySettingStore } from "../../src/stores/memory/setting-store.ts";

type Stores = Parameters<typeof writeCatalogue>[0] & { readonly settings: ReturnType<typeof createMemorySettingStore> };

function createStores(): Stores & { readonly catalog: ReturnType<typeof createMemoryCatalogStore> } {
  return {
    catalog: createMemoryCatalogStore(),
    settings: createMemorySettingStore(),
    secrets: { page: () => [] } as unknown as Stores["secrets"],
  };
}

async function write(stores: Stores): Promise<string> {
  let text = "";
  await writeCatalogue(stores, (piece) => {
    text += piece;
  });
  return text;
}

const CHANGE: Change = { at: 5, by: "default/cli", reason: null };

// What YAML is known to read as something else.
const tricky = fc.constantFrom(
  ..."null|~|true|no|1.0|0x1F|1e3|.inf|-|?|: |#| a|a |a: b|- a|'|\"|{}|[]|*a|&a|!a|%a|@a|`|<<|__proto__|---|...|2026-01-01".split(
    "|",
  ),
  ..."\n|a\n|\na|a\n\nb|a\nb\n|  a\nb| \n|a \nb|\t|\ta\nb|a\tb\nc|\r\n|\u0085|\u2028|\ufeffa|\u0000|\u001b[2J|a\n#b|a\n  - b|---\na|😀\né".split(
    "|",
  ),
);
const text = fc.oneof(
  tricky,
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.array(tricky, { maxLength: 3 }).map((parts) => parts.join("")),
);
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const object = fc.dictionary(text, json, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;

test("any data comes out of its YAML as it went in", () => {
  fc.assert(
    fc.property(json, (value) => {
      const { value: read, problems } = parseYaml(toYamlText(new Map<string, JsonValue>([["a", value]])));
      expect(problems).toEqual([]);
      expect(toJson(read)).toEqual({ a: value });
      const moved = parseYaml(`b:\n${toYamlText(new Map<string, JsonValue>([["a", value]]), 2)}`);
      expect([moved.problems, toJson(moved.value)]).toEqual([[], { b: { a: value } }]);
    }),
    { numRuns: 1_500 },
  );
});

const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}(\.[a-z0-9_-]{1,8}){0,2}$/);
const channel = fc.stringMatching(/^[a-z][a-z-]{0,8}$/).filter((one) => one !== "stable" && !/^x(-|$)/.test(one));
const version = fc.constantFrom("0.0.1", "1.0.0", "1.0.0-rc.1", "1.10.0", "1.9.0", "2.0.0-beta.10");
const by = fc.record({ at: fc.nat(), by: fc.option(text), reason: fc.option(text) });
const id = fc.string({ minLength: 1, maxLength: 10 }).filter((one) => !one.includes("\0"));

const PLAIN = {
  ...{ tags: [], effect: "read", idempotent: true, honoursKeys: false, access: null, limits: [], concurrency: [] },
  ...{ cost: 1, statusCheck: false },
};
/** With every field there is, as they are published now, or without some, as an older version may have. */
const LATER = {
  ...{ timeoutMs: null, exactNumbers: null, upstream: null, attemptTimeoutMs: null, retry: null, breaker: null },
  ...{ bulkhead: null, cache: null, fallback: null, result: null },
};
const definition = fc
  .tuple(
    fc.record({
      description: text,
      title: text,
      category: text,
      inputSchema: object,
      outputSchema: fc.option(object),
      examples: fc.array(json, { maxLength: 2 }),
    }),
    fc.constantFrom({}, { timeoutMs: 5 }, LATER, { ...LATER, retry: { repeats: 1 } }),
  )
  .map(([given, more]) => ({ ...PLAIN, ...given, ...more }));

const life = fc.oneof(
  fc.record({ status: fc.constantFrom("staged", "active", "retired") }),
  fc.record({
    status: fc.constantFrom("deprecated", "retired"),
    deprecation: fc.record({
      message: text,
      sunsetAt: fc.option(fc.integer()),
      successor: fc.option(fc.constant("b.c@^1")),
    }),
  }),
);

const audience = fc.record({
  percent: fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0),
  principals: fc.array(fc.record({ tenant: id, id }), { maxLength: 2 }),
  tenants: fc.array(text, { maxLength: 2 }),
  roles: fc.array(text, { maxLength: 2 }),
  salt: text,
});

const tool = fc
  .record({
    name,
    versions: fc.uniqueArray(fc.tuple(version, definition, life, by), {
      minLength: 1,
      maxLength: 3,
      selector: ([one]) => one,
    }),
    channels: fc.dictionary(channel, fc.nat(), { maxKeys: 2 }),
    tenants: fc.dictionary(id, fc.nat(), { maxKeys: 2 }),
    defaultTo: fc.option(fc.nat()),
    canary: fc.option(fc.tuple(fc.nat(), fc.nat(), audience, fc.option(text), by)),
    promoted: fc.option(fc.tuple(fc.nat(), fc.nat(), fc.boolean(), by)),
    change: by,
  })
  .map(({ name: toolName, versions, channels, tenants, defaultTo, canary, promoted, change }): CatalogChange => {
    const pick = (index: number): string => versions[index % versions.length]?.[0] ?? "";
    const pickAll = (of: Record<string, number>): JsonObject =>
      Object.fromEntries(Object.entries(of).map(([key, index]) => [key, pick(index)]));
    const state = {
      versions: Object.fromEntries(versions.map(([one, , stands, who]) => [one, { ...stands, ...who }])),
      ...(Object.keys(channels).length > 0 && { channels: pickAll(channels) }),
      ...(defaultTo !== null && { default: pick(defaultTo) }),
      ...(Object.keys(tenants).length > 0 && { tenants: pickAll(tenants) }),
      ...(canary !== null && {
        canary: {
          kind: "canary",
          version: pick(canary[0]),
          of: pick(canary[1]),
          audience: canary[2],
          forced: canary[3],
          ...canary[4],
        },
      }),
      ...(promoted !== null && {
        promotion: {
          version: pick(promoted[0]),
          of: pick(promoted[1]),
          staged: promoted[2],
          channels: Object.keys(channels),
          tenants: [],
          moved: promoted[2] ? { from: null } : null,
          ...promoted[3],
        },
      }),
    };
    const put = versions.map(([one, rest, , who]) => {
      const whole = { name: toolName, version: one, ...rest };
      return {
        version: one,
        digest: toDigest(whole),
        source: "code",
        definition: whole,
        ...who,
      };
    });
    return {
      name: toolName,
      expected: 0,
      tool: { name: toolName, revision: 1, state: state as JsonValue, ...change },
      put,
      remove: [],
    };
  });

const setting = fc.oneof(
  fc.record({ kind: fc.constantFrom<SettingKind>("role", "grant", "permission", "limit"), id, body: object }),
  fc.record({
    kind: fc.constant<SettingKind>("principal"),
    id: fc.tuple(id, id).map((parts) => parts.join("\0")),
    body: object,
  }),
  fc.record({
    kind: fc.constant<SettingKind>("override"),
    id: fc.tuple(id, id, id).map((parts) => parts.join("\0")),
    body: object,
  }),
);

test("a catalogue is exported, imported and exported again without a byte of difference", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(tool, { maxLength: 3, selector: (one) => one.name }),
      fc.uniqueArray(setting, { maxLength: 4, selector: (one) => `${one.kind} ${one.id}` }),
      async (tools, settings) => {
        const from = createStores();
        from.catalog.save(tools);
        for (const one of settings) from.settings.set({ ...one, at: 1, by: null, reason: null }, 0);
        const exported = await write(from);
        const { document } = readCatalogue(exported, "file");

        const same = await planImport(from, document, { prune: true, change: CHANGE });
        expect(same).toMatchObject({ changes: [], catalog: [], settings: [], problems: [], left: 0 });

        const to = createStores();
        const plan = await planImport(to, document, { prune: false, change: CHANGE });
        expect(plan.problems).toEqual([]);
        await applyImport(to, plan, CHANGE);
        expect(await write(to)).toBe(exported);

        // What is not in the file goes when it is pruned.
        const empty = await planImport(
          to,
          { tools: new Map(), settings: new Map(), secrets: [] },
          { prune: true, change: CHANGE },
        );
        await applyImport(to, empty, CHANGE);
        expect(await write(to)).toBe(await write(createStores()));
      },
    ),
    { numRuns: 300 },
  );
});
