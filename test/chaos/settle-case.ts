// A few calls of a real registry of which every wait is a task of a scheduler, and what is wrong with how they ended.
import fc from "fast-check";
import type { Outcome } from "../../src/call/outcome.ts";
import type { createRegistry } from "../../src/core/create-registry.ts";
import type { Registry } from "../../src/core/registry.ts";
import type { AuditEvent } from "../../src/ports/audit-sink.ts";
import { createMemoryCacheStore } from "../../src/stores/memory/cache-store.ts";
import { createMemoryIdempotencyStore } from "../../src/stores/memory/idempotency-store.ts";
import { createMemoryQuotaStore } from "../../src/stores/memory/quota-store.ts";
import { createMemorySlotStore } from "../../src/stores/memory/slot-store.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { untilQuiet, wait } from "./drive.ts";
import { createRecordingHooks, createScheduledHooks, type Mood, MOODS } from "./scheduled-hooks.ts";
import {
  type Step,
  toScheduledCache,
  toScheduledKeys,
  toScheduledQuotas,
  toScheduledSink,
  toScheduledSlots,
} from "./scheduled-stores.ts";
import { type Behaviour, BEHAVIOURS, createScheduledTools, TOOL_NAMES, type ToolName } from "./scheduled-tools.ts";

interface PlannedCall {
  /** Which of the two tools. */
  readonly tool: 0 | 1;
  /** All calls that have one have the same. */
  readonly keyed: boolean;
  readonly leaves: boolean;
  readonly timeoutMs: number;
  /** How long after the answer to the call before it begins; null: without waiting for that. */
  readonly pauseMs: number | null;
}

export interface Scenario {
  /** Few, so that calls meet. */
  readonly tools: readonly [ToolName, ToolName];
  readonly calls: readonly PlannedCall[];
  /** Whether hooks take turns too. */
  readonly hooked: boolean;
  /** Whether the principal's calls are counted while they run. */
  readonly counted: boolean;
  /** Over and over again. */
  readonly behaviours: readonly Behaviour[];
  readonly moods: readonly Mood[];
  readonly auditFailsEvery: number;
  /** How far the clock goes on, once for each, at points that the scheduler chooses. */
  readonly ticksMs: readonly number[];
}

const tool = fc.constantFrom(...TOOL_NAMES);

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  tools: fc.tuple(tool, tool),
  calls: fc.array(
    fc.record({
      tool: fc.constantFrom<0 | 1>(0, 0, 1),
      keyed: fc.boolean(),
      leaves: fc.constantFrom(false, false, false, true),
      timeoutMs: fc.constantFrom(1_000, 1_000, 20, 10, 3),
      pauseMs: fc.constantFrom(null, null, null, 8, 18),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  hooked: fc.boolean(),
  counted: fc.constantFrom(true, true, false),
  behaviours: fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 4, maxLength: 4 }),
  moods: fc.array(fc.constantFrom(...MOODS), { minLength: 7, maxLength: 7 }),
  auditFailsEvery: fc.constantFrom(2, 1_000),
  ticksMs: fc.array(fc.constantFrom(1, 5, 15), { maxLength: 3 }),
});

/** Everything that happened, for the check. */
interface Account {
  readonly begun: Set<string>;
  readonly settled: Map<string, Outcome[]>;
  readonly audited: AuditEvent[];
  readonly told: Outcome[];
  readonly releases: number[];
  readonly claimed: string[];
  readonly keys: Set<string>;
}

/** Runs the scenario to its end. Resolves to what is wrong, nothing when all is well. */
export async function runScenario(
  scheduler: fc.Scheduler,
  { tools: names, calls, hooked, counted, behaviours, moods, auditFailsEvery, ticksMs }: Scenario,
  create: typeof createRegistry,
  onTold: (outcome: Outcome) => void = () => {},
): Promise<readonly string[]> {
  const step: Step = (label) => scheduler.schedule(Promise.resolve(), label);
  const clock = createManualClock();
  const slots = createMemorySlotStore();
  const records = createMemoryIdempotencyStore({ clock });
  const account: Account = {
    begun: new Set(),
    settled: new Map(),
    audited: [],
    told: [],
    releases: [],
    claimed: [],
    keys: new Set(),
  };
  const { told } = account;
  const tools = createScheduledTools(names, { step, next: cycle(behaviours), hear: (outcome) => told.push(outcome) });
  const registry = create({
    clock,
    random: { next: () => 0.5 },
    tools,
    ...(counted ? {} : { concurrency: [] }),
    slotStore: toScheduledSlots(slots, step, account.releases),
    quotaStore: toScheduledQuotas(createMemoryQuotaStore({ clock }), step),
    cacheStore: toScheduledCache(createMemoryCacheStore({ clock }), step),
    idempotencyStore: toScheduledKeys(records, step, account),
    audit: toScheduledSink(account.audited, step, auditFailsEvery),
    hooks: [createRecordingHooks(account), ...(hooked ? [createScheduledHooks(step, cycle(moods))] : [])],
  });

  let open = calls.length;
  let before: Promise<void> = Promise.resolve();
  for (const call of calls) {
    const begins = call.pauseMs === null ? step("call") : before.then(() => wait(clock, call.pauseMs ?? 0));
    before = begins
      .then(() => startCall(registry, names[call.tool], call, step))
      .then((outcome) => {
        told.push(outcome);
        open--;
      });
  }
  for (const ms of ticksMs) void step(`${ms} ms pass`).then(() => clock.advance(ms));
  const isAtRest = async (): Promise<boolean> =>
    open === 0 && clock.pending === 0 && slots.size === 0 && (await registry.health()).running === 0;
  for (let passed = 0; passed < 100; passed++) {
    await scheduler.waitIdle();
    if (await isAtRest()) break;
    // Nobody goes on by himself any more: all that is left waits for the clock.
    await clock.advance(passed < 10 ? 6 : 200);
  }

  const unsettled = [...account.keys].filter((key) => (records.read(key)?.state ?? "stored") !== "stored");
  for (const outcome of told) onTold(outcome);
  await untilQuiet();
  return [
    ...checkAccount(account, registry),
    ...unsettled.map(() => "a key was left claimed"),
    ...((await isAtRest()) ? [] : [`${open} calls, ${clock.pending} timers, ${slots.size} slots were left`]),
  ];
}

function startCall(
  registry: Registry,
  name: ToolName,
  { keyed, leaves, timeoutMs }: PlannedCall,
  step: Step,
): Promise<Outcome> {
  const caller = new AbortController();
  if (leaves) void step("the caller leaves").then(() => caller.abort());
  const { signal } = caller;
  return registry.execute(
    name,
    {},
    { principal: { id: "u1" }, signal, timeoutMs, ...(keyed && { idempotencyKey: "k" }) },
  );
}

function checkAccount({ begun, settled, audited, told, releases, claimed }: Account, registry: Registry): string[] {
  const problems: string[] = [];
  const expectOnce = (count: number, what: string): void => {
    if (count !== 1) problems.push(`${what} ${count} times`);
  };
  // Those that the registry makes of itself, to renew an answer, begin with no hook.
  const calls = new Set([...begun, ...settled.keys(), ...audited.flatMap(({ callId }) => callId ?? [])]);
  for (const id of calls) {
    expectOnce(settled.get(id)?.length ?? 0, "onSettled was told");
    expectOnce(audited.filter(({ callId }) => callId === id).length, "the call was audited");
  }
  for (const count of releases) expectOnce(count, "slots were given back");
  for (const owner of claimed) expectOnce(claimed.filter((other) => other === owner).length, "the key was claimed");
  for (const outcome of told) {
    const { callId, attempts } = outcome.meta;
    if (settled.get(callId)?.[0] !== outcome) problems.push("onSettled was told another outcome");
    const event = audited.find((audit) => audit.callId === callId);
    if (event === undefined) continue;
    const code = outcome.ok ? null : outcome.error.code;
    const differs =
      event.code !== code || event.attempts !== attempts || (!outcome.ok && event.effect !== outcome.error.effect);
    if (differs) problems.push(`${event.code} was audited, ${code} was told`);
  }
  const metered = registry.usage().reduce((sum, usage) => sum + usage.calls, 0);
  if (metered !== calls.size) problems.push(`${metered} of ${calls.size} calls were metered`);
  return problems;
}

function cycle<T>(items: readonly T[]): () => T {
  let count = 0;
  return () => items[count++ % items.length] as T;
}
