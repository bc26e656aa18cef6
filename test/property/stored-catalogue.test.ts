// A catalogue that is changed at random by two processes, which start anew at random: whoever starts sees what was left, whatever was
// done is what a plain list of states says, and what every reference comes to is the same before and after a restart.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDefinitions } from "../../src/core/catalogue/check-definitions.ts";
import { openStoredCatalogue } from "../../src/core/catalogue/open-catalogue.ts";
import { makeRegistry } from "../../src/core/make-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import { ToolyardError } from "../../src/errors/toolyard-error.ts";
import { createMemoryCatalogStore, type MemoryCatalogStore } from "../../src/stores/memory/index.ts";
import { defineTool } from "../../src/tool/define-tool.ts";
import type { Status } from "../../src/tool/tool-version.ts";

const VERSIONS = ["1.0.0", "1.1.0", "1.2.0", "2.0.0", "2.1.0-rc.1"] as const;
type Version = (typeof VERSIONS)[number];
type States = ReadonlyMap<string, Status>;

const base = { name: "t", description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;
const toTool = (version: Version) => defineTool({ ...base, version, handler: () => version });

const STATUS_ACTS = {
  activate: { from: ["staged", "active"], to: "active" },
  deprecate: { from: ["active", "deprecated", "retired"], to: "deprecated" },
  retire: { from: ["staged", "active", "deprecated", "retired"], to: "retired" },
  restore: { from: ["active", "deprecated", "retired"], to: "active" },
} as const satisfies Record<string, { readonly from: readonly Status[]; readonly to: Status }>;
type StatusAct = keyof typeof STATUS_ACTS;

/** What a process does, and what that makes of the states by the drawing in docs/versions.md; null: that depends on more. */
interface Step {
  readonly label: string;
  run(registry: Registry): Promise<unknown>;
  expect(before: States): States | null;
}

const same = (states: States): States => states;
const version = fc.constantFrom(...VERSIONS);
const channel = fc.constantFrom("stable", "beta");
const tenant = fc.constantFrom("acme", "globex");

const statusStep = fc
  .tuple(fc.constantFrom(...(Object.keys(STATUS_ACTS) as StatusAct[])), version)
  .map(([act, of]): Step => ({
    label: `${act} ${of}`,
    run: (registry) =>
      act === "deprecate" ? registry.deprecate(`t@${of}`, { message: "Old." }) : registry[act](`t@${of}`),
    expect(before) {
      expect(STATUS_ACTS[act].from).toContain(before.get(of));
      return new Map(before).set(of, STATUS_ACTS[act].to);
    },
  }));
const publishStep = fc.tuple(fc.boolean(), version).map(([staged, of]): Step => ({
  label: `publish ${of}${staged ? " staged" : ""}`,
  run: (registry) => registry.publish([toTool(of)], { staged }),
  expect: (before) =>
    before.has(of) ? before : new Map(before).set(of, staged && before.size > 0 ? "staged" : "active"),
}));
const deleteStep = version.map((of): Step => ({
  label: `delete ${of}`,
  run: (registry) => registry.delete(`t@${of}`),
  expect: (before) => new Map([...before].filter(([name]) => name !== of)),
}));
const callStep = version.map((of): Step => ({
  label: `call ${of}`,
  run: (registry) => registry.execute(`t@${of}`, {}, { principal: { id: "caller" } }),
  expect: same,
}));
const channelStep = fc.tuple(channel, fc.option(version)).map(([name, of]): Step => ({
  label: `channel ${name} ${of}`,
  run: ({ channels }) => (of === null ? channels.clear("t", name) : channels.set("t", name, of)),
  expect: same,
}));
const defaultStep = fc.tuple(fc.option(tenant), fc.option(fc.oneof(version, channel))).map(([of, target]): Step => ({
  label: `default ${of} ${target}`,
  run({ defaults }) {
    const options = of === null ? {} : { tenant: of };
    return target === null ? defaults.clear("t", options) : defaults.set("t", target, options);
  },
  expect: same,
}));
const rolloutStep = fc.tuple(version, fc.constantFrom(0, 50, 100)).map(([of, percent]): Step => ({
  label: `rollout ${of} ${percent}`,
  run: ({ rollouts }) => rollouts.start(`t@${of}`, { percent }),
  expect: same,
}));
const moveStep = fc.constantFrom("stop", "promote", "rollback" as const).map((act): Step => ({
  label: act,
  run: ({ rollouts }) => rollouts[act]("t"),
  expect: (before) => (act === "stop" ? before : null),
}));

const step = fc.oneof(statusStep, publishStep, deleteStep, callStep, channelStep, defaultStep, rolloutStep, moveStep);
const restart = fc.subarray([...VERSIONS]).map((code) => ({ code }));
const history = fc.array(
  fc.record({ process: fc.constantFrom(0, 1), does: fc.oneof({ weight: 8, arbitrary: step }, restart) }),
  { maxLength: 25 },
);

async function open(store: MemoryCatalogStore, code: readonly Version[]): Promise<Registry> {
  const { registry, environment, administration } = makeRegistry({ limits: [] }, null);
  await openStoredCatalogue({ store, environment, administration, read: readDefinitions(code.map(toTool)) });
  return registry;
}

/** The states as they are stored. */
async function readStates(store: MemoryCatalogStore): Promise<States> {
  const registry = await open(store, []);
  return new Map(registry.life("t")?.versions.map(({ version: name, status }) => [name, status]));
}

const REFS = ["t", "t@stable", "t@beta", "t@^1", "t@*", ...VERSIONS.map((one) => `t@${one}`)];
const PEOPLE = ["default", "acme", "globex"].flatMap((of) => ["u1", "u2", "u3"].map((id) => ({ id, tenant: of })));

/** What every reference comes to for everybody. */
function readAll(registry: Registry): Promise<readonly (readonly string[])[]> {
  return Promise.all(
    PEOPLE.map((principal) =>
      Promise.all(
        REFS.map(async (ref) => {
          const outcome = await registry.execute(ref, {}, { principal, dryRun: true });
          return outcome.ok ? String(outcome.meta.version) : outcome.error.code;
        }),
      ),
    ),
  );
}

async function attempt(registry: Registry, { run }: Step): Promise<boolean> {
  try {
    await run(registry);
    return true;
  } catch (error) {
    if (error instanceof ToolyardError) return false;
    throw error;
  }
}

describe("a stored catalogue that two processes change", () => {
  it("is what the acts made of it, in every process that starts", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (drawn) => {
        const store = createMemoryCatalogStore();
        const processes = [await open(store, ["1.0.0", "1.1.0"]), await open(store, ["1.0.0", "1.1.0"])];
        let states = await readStates(store);
        for (const { process, does } of drawn) {
          if ("code" in does) {
            processes[process] = await open(store, does.code);
            for (const one of does.code) if (!states.has(one)) states = new Map(states).set(one, "active");
            expect(await readStates(store)).toEqual(states);
            continue;
          }
          const called = store.read("t").versions.filter(({ calledAt }) => calledAt !== null);
          const expected = (await attempt(processes[process] as Registry, does)) ? does.expect(states) : states;
          const left = await readStates(store);
          if (expected !== null) expect(left, does.label).toEqual(expected);
          for (const { version: kept } of called) expect([...left.keys()]).toContain(kept);
          states = left;
        }
        const [one, two] = [await open(store, VERSIONS.slice(0, 3)), await open(store, VERSIONS.slice(0, 3))];
        expect(two.life("t")).toEqual(one.life("t"));
        expect(await readAll(two)).toEqual(await readAll(one));
        // What is seen after an act is what a process sees that starts then.
        await attempt(one, { label: "", run: ({ channels }) => channels.set("t", "beta", "1.0.0"), expect: same });
        expect(await readAll(await open(store, VERSIONS.slice(0, 3)))).toEqual(await readAll(one));
      }),
      { numRuns: 150 },
    );
  });
});
