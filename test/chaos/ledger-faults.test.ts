// for SQLite: the disk is full, the file is busy, the chain is taken away, events cannot be written. What was acknowledged is
// there, nothing waits beyond its bound, nothing is left open, and all goes on afterwards.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { verifyChains } from "../../src/audit/chain/index.ts";
import type { UnknownOutcome } from "../../src/ports/outcome-store.ts";
import type { LedgerOptions } from "../../src/stores/sql/ledger/open-ledger.ts";
import { type KeptLedger, openKeptLedger, toEvent, toRecordKey } from "./kept-ledger.ts";

const WAIT = { timeout: 20_000, interval: 20 };
const MAX_WAITING = 200;
/** Where it is not about time: this machine may be busy. */
const PATIENT = { writeTimeoutMs: 20_000 };
const FAILED = { code: "AUDIT_FAILED" };

let dir = "";
let kept: KeptLedger;
let other: DatabaseSync;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "toolyard-faults-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

async function open(options: LedgerOptions = {}): Promise<void> {
  const file = path.join(dir, "ledger.db");
  kept = await openKeptLedger({ path: file }, { maxWaiting: MAX_WAITING, ...options });
  other = new DatabaseSync(file);
}

async function close(): Promise<void> {
  other.close();
  await kept.end();
}

function begin(id: string): ReturnType<KeptLedger["ledger"]["begin"]> {
  const claim = { key: toRecordKey(id), owner: id, version: "1.0.0", argumentsDigest: "d", leaseMs: 60_000 };
  return kept.ledger.begin(toEvent("call.intended", id, id), claim);
}

async function end(id: string): Promise<void> {
  await kept.ledger.append(toEvent("call.succeeded", id, id), "durable");
}

/** `<kind> <call>`, sorted. */
async function tell(): Promise<readonly string[]> {
  const { records } = await kept.reader.search({}, "oldest", null, 10_000);
  return records.map(({ kind, index }) => `${kind} ${index.callId}`).toSorted();
}

/** Calls that can begin again, once they can. */
async function beginSoon(id: string): Promise<void> {
  await vi.waitFor(async () => expect(await begin(id)).toEqual({ ok: true }), WAIT);
}

async function findProblems(): Promise<readonly unknown[]> {
  return (await verifyChains(kept.reader)).problems;
}

describe("a file that another process has for longer than a write may take", () => {
  beforeEach(() => open());
  afterEach(close);

  it("refuses what is about to happen in time, and leaves nothing of it open", async () => {
    other.exec("begin immediate");
    await expect(begin("late")).rejects.toMatchObject(FAILED);
    expect(kept.ledger.state.available).toBe(false);
    other.exec("rollback");
    await beginSoon("next");
    expect(kept.ledger.state.available).toBe(true);
    expect(await kept.reader.openCalls()).toEqual(["next"]);
    expect(await kept.idempotency.read(toRecordKey("late"))).toBeNull();
    expect(await begin("late")).toEqual({ ok: true });
  });

  it("writes what has happened once it is free", async () => {
    await beginSoon("a");
    other.exec("begin immediate");
    const stored = kept.idempotency.store(toRecordKey("a"), "a", "1", null);
    const ended = end("a");
    await expect(begin("b")).rejects.toMatchObject(FAILED);
    other.exec("rollback");
    expect(await stored).toBe(true);
    await ended;
    await vi.waitFor(async () => expect(await kept.reader.openCalls()).toEqual([]), WAIT);
    expect(await tell()).toContain("call.succeeded a");
    expect(await findProblems()).toEqual([]);
  });

  it("takes events of reads up to a bound, and says in the trail how many it has dropped", async () => {
    other.exec("begin immediate");
    let refused = 0;
    for (let index = 0; index < MAX_WAITING * 3; index++) {
      try {
        void kept.ledger.append(toEvent("call.failed", `read_${index}`, null), "batched");
      } catch {
        refused++;
      }
    }
    expect(kept.ledger.state).toMatchObject({ dropped: refused, waiting: MAX_WAITING });
    expect(refused).toBe(MAX_WAITING * 2);
    other.exec("rollback");
    await beginSoon("next");
    await kept.ledger.flush();
    await vi.waitFor(() => {
      const rows = other.prepare("select body from audit_records where kind = 'chain.dropped'").all();
      expect(rows).toMatchObject([{ body: `{"events":${refused}}` }]);
    }, WAIT);
    expect((await tell()).filter((line) => line.startsWith("call.failed"))).toHaveLength(MAX_WAITING);
  });

  it("closes in bounded time, and says what it could not write", async () => {
    await beginSoon("a");
    other.exec("begin immediate");
    const ended = end("a").catch((error: Error) => error.message);
    await expect(kept.close()).rejects.toThrow(/1 events could not be written/);
    expect(await ended).toMatch(/the ledger/);
    other.exec("rollback");
  });
});

describe("an op that can never be written", () => {
  beforeEach(() => open(PATIENT));
  afterEach(close);

  it("is refused alone: what came with it is written once", async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `call_${index}`);
    const unwritable = { id: "x", tenant: "t", principal: "p", tool: null, version: "1" } as unknown as UnknownOutcome;
    const refused = ids.slice(0, 3).map(() => expect(kept.outcomes.add(unwritable)).rejects.toMatchObject(FAILED));
    const begun = ids.map(async (id, index) => {
      if (index % 40 === 20) await expect(kept.outcomes.add(unwritable)).rejects.toMatchObject({ retryable: false });
      expect(await begin(id)).toEqual({ ok: true });
      await end(id);
    });
    await Promise.all([...refused, ...begun]);
    expect(await tell()).toEqual(ids.flatMap((id) => [`call.intended ${id}`, `call.succeeded ${id}`]).toSorted());
    expect(await kept.reader.openCalls()).toEqual([]);
    expect(await findProblems()).toEqual([]);
  });
});

describe("a writer whose chain is taken away", () => {
  beforeEach(() => open(PATIENT));
  afterEach(close);

  it("goes on with a new chain, and writes everything once", async () => {
    expect(await begin("a")).toEqual({ ok: true });
    const before = other.prepare("select writer from audit_chains").all();
    other.exec("begin immediate");
    const ids = Array.from({ length: 150 }, (_, index) => `call_${index}`);
    for (const id of ids) void kept.ledger.append(toEvent("call.failed", id, null), "batched");
    const ended = end("a");
    other.exec("update audit_chains set head_seq = head_seq + 1; delete from audit_chains");
    other.exec("commit");
    await ended;
    await kept.ledger.flush();
    expect(await tell()).toEqual(
      ["call.intended a", "call.succeeded a", ...ids.map((id) => `call.failed ${id}`)].toSorted(),
    );
    expect(await kept.reader.openCalls()).toEqual([]);
    expect(await kept.outcomes.list({})).toEqual([]);
    expect(other.prepare("select writer from audit_chains").all()).not.toEqual(before);
    expect(await begin("b")).toEqual({ ok: true });
  });
});

function isRoot(): boolean {
  if (userInfo().uid === 0) return true;
  process.stderr.write("SKIPPED: only root can mount a small disk; run the tests of a full disk as root\n");
  return false;
}

describe.skipIf(!isRoot())("a full disk", () => {
  beforeEach(() => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir]);
  });
  afterEach(async () => {
    await close();
    execFileSync("umount", [dir]);
  });

  it("refuses what is about to happen, loses nothing it acknowledged, and goes on when there is room", async () => {
    await open();
    const ballast = path.join(dir, "ballast");
    await writeFile(ballast, Buffer.alloc(1_048_576));
    const begun: string[] = [];
    for (let index = 0; kept.ledger.state.available; index++) {
      const ids = Array.from({ length: 20 }, (_, at) => `call_${index}_${at}`);
      const answers = await Promise.allSettled(ids.map(async (id) => begin(id)));
      for (const [at, { status }] of answers.entries()) if (status === "fulfilled") begun.push(ids[at] as string);
    }
    expect(begun.length).toBeGreaterThan(20);
    await expect(begin("refused")).rejects.toMatchObject(FAILED);
    const ended = end(begun[0] as string);
    await rm(ballast);
    await ended;
    await beginSoon("next");
    const found = new Set(await kept.reader.openCalls());
    expect([...begun.slice(1), "next"].filter((id) => !found.has(id))).toEqual([]);
    expect(found.size).toBe(begun.length);
    expect(await findProblems()).toEqual([]);
  });
});
