import { expect, test } from "vitest";
import type { Outcome } from "../../../index.ts";
import { createManualClock } from "../../../testing/manual-clock.ts";
import { createDemoApp } from "../demo-app.ts";
import { createDemoRegistry } from "../demo-project.ts";
import { NOW } from "../../../../test/cli/call-tool.ts";

const principal = { id: "ulla", roles: ["USER"] };
const invoice = { invoice: "INV-7", amountCents: 100 };

async function open() {
  const clock = createManualClock(NOW);
  const { payments, ...rest } = createDemoApp(clock);
  const registry = await createDemoRegistry(clock, { ...rest, payments });
  const charge = async (idempotencyKey?: string): Promise<Outcome> => {
    const options = { principal, ...(idempotencyKey !== undefined && { idempotencyKey }) };
    const outcome = registry.execute("payments.charge", invoice, options);
    await clock.advance(1_000);
    return outcome;
  };
  const check = async (): Promise<number> => {
    const known = registry.outcomes.check();
    await clock.advance(1_000);
    return known;
  };
  return { clock, payments, registry, charge, check };
}

test("charges each time without a key", async () => {
  const { payments, charge } = await open();
  expect(await charge()).toMatchObject({ ok: true, output: { ...invoice, charge: "ch_1" } });
  expect(await charge()).toMatchObject({ ok: true, output: { ...invoice, charge: "ch_2" } });
  expect(payments.chargesOf("INV-7")).toHaveLength(2);
});

test("charges once under a key, also when answers get lost", async () => {
  const { payments, charge } = await open();
  payments.connection.lose("answer", 2);
  expect(await charge("k")).toMatchObject({ ok: true, output: { charge: "ch_1" }, meta: { attempts: 3 } });
  expect(payments.chargesOf("INV-7")).toHaveLength(1);
});

test.each([
  ["answer", 1],
  ["request", 0],
] as const)("finds out what became of a charge whose %s got lost", async (what, charges) => {
  const { payments, registry, charge, check } = await open();
  payments.connection.lose(what, Infinity);
  expect(await charge("k")).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN" } });
  expect(await check()).toBe(0);
  payments.connection.mend();
  expect(await check()).toBe(1);
  expect(await registry.outcomes.list()).toEqual([]);
  expect(payments.chargesOf("INV-7")).toHaveLength(charges);
  // A replay when it had been charged, a charge when it had not.
  expect(await charge("k")).toMatchObject({ output: { charge: "ch_1" }, meta: { attempts: 1 - charges } });
  expect(payments.chargesOf("INV-7")).toHaveLength(1);
});

test("refuses a key that has charged something else, and a charge beyond what the books hold", async () => {
  const { clock, payments } = await open();
  const { signal } = new AbortController();
  const charge = async (amountCents: number, key: string | null): Promise<unknown> => {
    const answer = payments.charge({ invoice: "INV-8", amountCents }, key, signal).catch((error: unknown) => error);
    await clock.advance(15);
    return answer;
  };
  await charge(1, "k");
  expect(await charge(2, "k")).toMatchObject({ toolCode: "KEY_REUSED", effect: "none" });
  for (let count = 1; count < 1_000; count++) await charge(1, null);
  expect(await charge(1, null)).toMatchObject({ toolCode: "BOOKS_FULL", effect: "none" });
  expect(await charge(1, "k")).toMatchObject({ charge: "ch_1" });
});
