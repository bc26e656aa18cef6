// The chains that a real ledger writes, verified while it writes, from several openings of one file, and pruned meanwhile.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toActEvent } from "../../src/audit/audit-event.ts";
import { planPruning, verifyChains, type VerifyResult } from "../../src/audit/chain/index.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { AuditEvent } from "../../src/ports/audit-sink.ts";
import type { Stores } from "../../src/ports/stores.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { toCallEvent } from "../cli/audit-folder.ts";

const KEY = Buffer.alloc(32, 5);

let dir: string;
let opened: Stores[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "toolyard-chain-"));
  opened = [];
});
afterEach(async () => {
  for (const stores of opened) await stores.close();
  rmSync(dir, { recursive: true });
});

async function open(key?: Uint8Array): Promise<Stores> {
  // Two that write without a pause take turns as SQLite lets them, which may be late.
  const stores = await openSqliteStores({ dir, ledger: { writeTimeoutMs: 20_000, ...(key && { key }) } });
  opened.push(stores);
  return stores;
}

let calls = 0;
const toEvent = (other: Partial<AuditEvent> = {}): AuditEvent =>
  toCallEvent(0, { at: systemClock.now(), callId: `call_${calls++}`, ...other });

async function write(stores: Stores, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const event = toEvent({ tool: "orders.refund", arguments: { text: "\ud800\0é😀", index } });
    await stores.ledger.begin({ ...event, type: "call.intended", effect: "unknown" }, null);
    await stores.ledger.append(event, "durable");
    await stores.ledger.append(toEvent(), "batched");
  }
  await stores.ledger.flush();
}

function toPruned(): AuditEvent {
  const act = { type: "audit.pruned", principal: null, tool: "*", version: null, digest: null, details: {} } as const;
  return toActEvent(act, systemClock.now(), {});
}

const kindsOf = ({ problems }: VerifyResult): readonly string[] => problems.map(({ kind, seq }) => `${kind} ${seq}`);

describe.each([
  ["plain", undefined],
  ["keyed", KEY],
])("the chains of a ledger, %s", (mode, key) => {
  const options = { ...(key && { key }), pageSize: 50 };

  test("have no problems, after several openings one after another and side by side", async () => {
    const first = await open(key);
    await write(first, 20);
    const second = await open(key);
    await Promise.all([write(first, 20), write(second, 20)]);
    await first.close();
    const third = await open(key);
    await write(third, 5);
    const result = await verifyChains(third.auditReader, options);
    expect(kindsOf(result)).toEqual([]);
    expect(result.chains.map((chain) => [chain.mode, chain.closed])).toContainEqual([mode, true]);
    expect(result.records).toBeGreaterThanOrEqual(3 * 65);
  });

  test("have no problems while they are written, and while old records go", async () => {
    const stores = await open(key);
    const other = await open(key);
    await write(stores, 60);
    let writing = true;
    const work = Promise.all([write(stores, 150), write(other, 150)]).finally(() => {
      writing = false;
    });
    let rounds = 0;
    for (; writing; rounds++) {
      const result = await verifyChains(stores.auditReader, options);
      expect(kindsOf(result)).toEqual([]);
      const before = systemClock.now() - 20;
      const plan = await planPruning(stores.auditReader, { before, verified: result, pageSize: 50 });
      if (plan === null) continue;
      const pruned = other.ledger.prune(plan.pruning, toPruned());
      // While the records go.
      expect(kindsOf(await verifyChains(stores.auditReader, options))).toEqual([]);
      await pruned;
    }
    await work;
    expect(rounds).toBeGreaterThan(0);
    const result = await verifyChains(stores.auditReader, options);
    expect(kindsOf(result)).toEqual([]);
    expect(result.pruned.length).toBeGreaterThan(0);
  });

  test("are pruned to their end once their writers have ended, and forgotten once no record names them", async () => {
    const first = await open(key);
    await write(first, 5);
    await first.close();
    const second = await open(key);
    const ended = (await second.auditReader.chains()).find((chain) => chain.ended)?.writer;
    const pruneAll = async (): Promise<readonly string[]> => {
      const verified = await verifyChains(second.auditReader, options);
      const plan = await planPruning(second.auditReader, { before: systemClock.now() + 1, verified });
      if (plan !== null) await second.ledger.prune(plan.pruning, toPruned());
      const result = await verifyChains(second.auditReader, options);
      expect(kindsOf(result)).toEqual([]);
      expect(result.chains).toHaveLength(1);
      return result.pruned.map(({ writer }) => writer);
    };
    expect(await pruneAll()).toContain(ended);
    // It is still named by the record that opened the second chain, which goes with the next pruning; and then by checkpoints,
    // which go with those after it.
    let rounds = 1;
    while ((await pruneAll()).includes(ended ?? "") && rounds < 10) rounds++;
    expect(rounds).toBeGreaterThan(1);
    expect(rounds).toBeLessThan(5);
  });
});

test("an open call keeps its intent, and what is behind it", async () => {
  const stores = await open();
  await stores.ledger.begin(toEvent({ type: "call.intended" }), null);
  await write(stores, 5);
  const verified = await verifyChains(stores.auditReader);
  const plan = await planPruning(stores.auditReader, { before: systemClock.now() + 1, verified });
  expect(plan).toMatchObject({ records: 1, pruning: { pruned: [{ seq: 1 }] } });
});
