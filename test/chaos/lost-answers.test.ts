// Ten days of a thousand writes each, on a bad way to the ledger and with bad stores. Only the ledger is believed.
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/call/outcome.ts";
import type { ResolvedOutcome } from "../../src/ports/outcome-store.ts";
import type { IdempotencyStore } from "../../src/ports/idempotency-store.ts";
import type { OutcomeStore } from "../../src/ports/outcome-store.ts";
import { auditLedger, type Books } from "./audit-ledger.ts";
import { drive } from "./drive.ts";
import { toReceipt } from "./ledger.ts";
import { type Bug, openShop, PRINCIPAL, type Shop, type ShopOptions, TOOLS, type Told } from "./shop.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const WRITES = 1_000;
const CUSTOMERS = 50;
const ALL = { limit: 1_000 } as const;

interface Day extends Books {
  readonly shop: Shop;
}

/** A day's business: an order has one buyer, or two with the same key who do not know of each other. */
async function trade(options: ShopOptions): Promise<Day> {
  const shop = openShop(options);
  const { clock, draw, ledger, registry } = shop;
  const resolved: ResolvedOutcome[] = [];
  registry.on("outcome.resolved", (outcome) => resolved.push(outcome));
  const told: Told[] = [];
  let orders = 0;
  const shopAround = async (): Promise<void> => {
    while (orders < WRITES) {
      const key = `order-${++orders}`;
      const tool = draw.pick(TOOLS);
      const amount = draw.int(1, 100);
      const buyers = draw.chance(0.2) ? 2 : 1;
      told.push(...(await Promise.all(Array.from({ length: buyers }, () => shop.buy(tool, key, amount)))));
    }
  };
  await drive(clock, Promise.all(Array.from({ length: CUSTOMERS }, shopAround)));
  // What is still on its way arrives.
  await drive(clock, clock.advance(10_000));
  return { shop, ledger, told, resolved, listed: await registry.outcomes.list(ALL) };
}

/** The books with what is listed now. */
async function reopen(day: Day, told: readonly Told[] = []): Promise<Books> {
  return { ...day, told: [...day.told, ...told], listed: await day.shop.registry.outcomes.list(ALL) };
}

/** An operator asks the tools that can be asked, again and again while the way there is bad. */
async function checkAll({ clock, registry }: Shop): Promise<void> {
  for (let time = 0; time < 20; time++)
    await drive(
      clock,
      registry.outcomes.check().catch(() => 0),
    );
  // Where one question failed, others are still being answered.
  await drive(clock, clock.advance(20_000));
}

/** An operator looks each of the others up in the ledger. */
async function lookUpAll({ clock, ledger, registry }: Shop): Promise<void> {
  for (const { id, tool, idempotencyKey } of await registry.outcomes.list(ALL)) {
    const [entry] = ledger.find(tool, idempotencyKey ?? "");
    const report =
      entry === undefined ? { effect: "none" as const } : { effect: "applied" as const, output: toReceipt(entry) };
    await drive(clock, registry.outcomes.resolve(id, report));
  }
}

/** Buys once more under the same key; what turns out to be lost only now is looked up. */
async function askAgain(shop: Shop, { tool, key, amount }: Told): Promise<Told> {
  const { clock, registry } = shop;
  const outcomes: Outcome[] = [];
  while (outcomes.length < 2 && outcomes.at(-1)?.ok !== true) {
    await lookUpAll(shop);
    const asked = registry.execute(tool, { key, amount }, { principal: PRINCIPAL, idempotencyKey: key });
    outcomes.push(await drive(clock, asked));
  }
  return { tool, key, amount, outcomes };
}

describe("answers that get lost", () => {
  it.each(SEEDS)("are neither made up nor followed by a second effect (day %i)", async (seed) => {
    const day = await trade({ seed });
    const { shop } = day;
    const { clock, registry, ledger, faults } = shop;
    for (const fault of ["error", "hang", "dropAfterCommit", "hangAfterCommit"] as const)
      expect(faults.way.counts[fault], fault).toBeGreaterThan(0);
    for (const fault of ["error", "dropAfterCommit", "hangAfterCommit"] as const)
      expect(faults.keys.counts[fault], fault).toBeGreaterThan(0);
    expect(faults.list.counts.dropAfterCommit).toBeGreaterThan(0);
    expect(auditLedger(day)).toEqual([]);
    expect(day.listed.length).toBeGreaterThan(0);

    await checkAll(shop);
    expect(auditLedger(await reopen(day))).toEqual([]);

    // The way is good again: everything becomes known, and a key gives what the ledger says.
    for (const fault of Object.values(faults)) fault.enabled = false;
    await registry.outcomes.check();
    expect((await registry.outcomes.list(ALL)).filter(({ tool }) => tool === "honours-keys")).toEqual([]);
    await lookUpAll(shop);
    // Nobody believes any more that a call that was lost still runs.
    await drive(clock, clock.advance(120_000));
    const again: Told[] = [];
    for (const told of day.told) again.push(await askAgain(shop, told));
    expect(again.filter(({ outcomes }) => outcomes.at(-1)?.ok !== true)).toEqual([]);
    expect(auditLedger(await reopen(day, again))).toEqual([]);
    for (const { tool, key } of day.told)
      expect(ledger.find(tool, key).length, `${tool} ${key}`).toBeGreaterThanOrEqual(1);
    expect(await registry.outcomes.list(ALL)).toEqual([]);
    await drive(clock, clock.advance(10_000));
    expect(clock.pending).toBe(0);
  });
});

/** What a wrong registry, or a wrong use of it, does; `lie` is what has to be noticed. */
const BUGS: readonly { readonly name: string; readonly lie: RegExp; readonly bug: Bug }[] = [
  { name: "callers that pass no key", lie: /done a second time/, bug: { keys: "forgotten" } },
  { name: "a plain write that is repeated", lie: /done a second time/, bug: { plain: { idempotent: true } } },
  { name: "a store that gives a key to everybody", lie: /done a second time/, bug: { store: giveToAll } },
  { name: "a store that forgets what is not known", lie: /done a second time/, bug: { store: forgetUnknown } },
  { name: "a store that mixes up outcomes", lie: /which is not in the ledger/, bug: { store: mixUp } },
  { name: "a list that forgets", lie: /nobody knows of/, bug: { outcomeStore: createForgetfulList() } },
];

function toChanged(store: IdempotencyStore, change: Partial<IdempotencyStore>): IdempotencyStore {
  return {
    read: (key) => store.read(key),
    claim: (claim) => store.claim(claim),
    store: (key, owner, outcome, keepMs) => store.store(key, owner, outcome, keepMs),
    release: (key, owner) => store.release(key, owner),
    watch: (key, onChange) => store.watch(key, onChange),
    ...change,
  };
}

function giveToAll(store: IdempotencyStore): IdempotencyStore {
  return toChanged(store, { claim: () => ({ ok: true }) });
}

function forgetUnknown(store: IdempotencyStore): IdempotencyStore {
  return toChanged(store, {
    store: (key, owner, outcome, keepMs) => store.store(key, owner, outcome, keepMs ?? 0),
  });
}

/** Keeps under each key what was to be kept under the one before. */
function mixUp(store: IdempotencyStore): IdempotencyStore {
  let before: string | null = null;
  return toChanged(store, {
    store(key, owner, outcome, keepMs) {
      const kept = before ?? outcome;
      before = outcome;
      return store.store(key, owner, kept, keepMs);
    },
  });
}

function createForgetfulList(): OutcomeStore {
  return { add: () => {}, get: () => null, list: () => [], remove: () => false, count: () => ({ all: 0, own: 0 }) };
}

describe("the audit of the ledger notices", () => {
  it.each(BUGS)("$name", async ({ lie, bug }) => {
    const lies = auditLedger(await trade({ seed: 1, bug }));
    expect(lies.filter((line) => lie.test(line)).length).toBeGreaterThan(0);
  });
});
