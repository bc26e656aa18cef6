// What the ledger costs: records a second against the same rows inserted by hand, how long it keeps the event loop, and what a call
// pays for it. Written to a disk, so times are those of the clock on the wall.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { systemClock } from "../src/kernel/clock.ts";
import type { AuditEvent } from "../src/ports/audit-sink.ts";
import type { Ledger } from "../src/ports/ledger.ts";
import type { OpenLedger } from "../src/stores/sql/ledger/open-ledger.ts";
import { openPostgresLedger } from "../src/stores/sql/ledger/open-postgres-ledger.ts";
import { openSqliteLedger } from "../src/stores/sql/ledger/open-sqlite-ledger.ts";
import { openPostgresDatabase } from "../src/stores/sql/postgres/open-database.ts";
import { hasPostgres, startPrivatePostgres } from "../test/postgres/private-postgres.ts";
import { type Figure, toFigure } from "./figures.ts";
import { type Contender, measure, toSpread } from "./harness.ts";
import { createRawPostgres, makeEvent, openRawSqlite, type RawTable } from "./ledger-rows.ts";
import type { Settings } from "./settings.ts";

const surroundings = { clock: systemClock, version: "0.0.0" };
/** Events that come up in one turn of the event loop. */
const TURN = 64;
const CALLERS = 64;
/** On a busy machine too: what is late is to be seen, and not to end the run. */
const PATIENT = { writeTimeoutMs: 60_000 };
const MAX_BEHIND = 20_000;
/** A third of what the rows cost by hand. */
const GOAL = { of: "ratio", atMost: 3.33 } as const;

/** The ledger in SQLite, and in PostgreSQL where there is one. */
export async function benchLedger(settings: Settings): Promise<readonly Figure[]> {
  return [...(await benchSqlite(settings)), ...(await benchPostgres(settings))];
}

async function benchSqlite(settings: Settings): Promise<readonly Figure[]> {
  const dir = await mkdtemp(path.join(tmpdir(), "toolyard-bench-"));
  const raw = await openRawSqlite(path.join(dir, "raw.db"));
  const { reader, ...opened } = await openSqliteLedger({ path: path.join(dir, "ledger.db"), ...PATIENT }, surroundings);
  try {
    return [
      ...(await benchRecords("SQLite", raw, opened, settings)),
      ...(await benchWrites("SQLite", opened, settings)),
      await benchAppend(opened, settings),
      ...(await benchLoop(opened, settings)),
    ];
  } finally {
    await opened.close();
    await reader.close();
    await raw.close();
    await rm(dir, { recursive: true });
  }
}

async function benchPostgres(settings: Settings): Promise<readonly Figure[]> {
  if (!hasPostgres()) return [];
  await using postgres = await startPrivatePostgres();
  const { url } = postgres;
  const reader = await openPostgresDatabase({ url, parts: ["ledger"] });
  const opened = await openPostgresLedger({ url }, PATIENT, { ...surroundings, reader });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const raw = createRawPostgres(client);
  try {
    return [
      ...(await benchRecords("PostgreSQL", raw, opened, settings)),
      ...(await benchWrites("PostgreSQL", opened, settings)),
    ];
  } finally {
    await raw.close();
    await opened.close();
    await reader.close();
  }
}

/** Records that nobody waits for, against their rows. */
async function benchRecords(
  name: string,
  raw: RawTable,
  { ledger }: OpenLedger,
  { rounds, turnMs }: Settings,
): Promise<readonly Figure[]> {
  const base = `${name}, rows inserted by hand`;
  let events: readonly AuditEvent[] = [];
  const contenders: readonly Contender[] = [
    { name: base, prepare: (count) => raw.prepare(count), run: () => raw.insert() },
    {
      name: `${name}, records through the ledger`,
      prepare(count) {
        events = Array.from({ length: count }, () => makeEvent());
      },
      async run() {
        for (const [index, event] of events.entries()) {
          void ledger.append(event, "batched");
          if (index % TURN === TURN - 1) await nextTurn(ledger);
        }
        await ledger.flush();
      },
    },
  ];
  const measured = await measure(contenders, { rounds, turnMs: turnMs * 3, base, now: () => performance.now() });
  return measured.map((one) =>
    one.name === base
      ? toFigure(one, { unit: "µs", base, note: `${toRate(one.ns.median)} rows a second, synced every 2,048` })
      : toFigure(one, {
          ...{ unit: "µs", base, goal: GOAL },
          note: `${toRate(one.ns.median)} records a second: chained, hashed, synced`,
        }),
  );
}

/** Lets the thread catch up where it is far behind: what is measured is writing, not a queue that overflows. */
async function nextTurn(ledger: Ledger): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  while (ledger.state.waiting > MAX_BEHIND) await sleep(1);
}

/** A call that writes, with a key: intent and claim, outcome, event. */
async function benchWrites(
  name: string,
  { ledger, idempotency }: OpenLedger,
  { rounds, turnMs }: Settings,
): Promise<readonly Figure[]> {
  let next = 0;
  const write = async (): Promise<void> => {
    const event = makeEvent("call.intended", `call_${name}_${next++}`);
    const owner = event.callId as string;
    const key = `acme\0alice\0orders.refund\0${owner}`;
    const claim = { key, owner, version: "1.2.0", argumentsDigest: "d".repeat(64), leaseMs: 60_000 };
    if (!(await ledger.begin(event, claim)).ok) throw new Error(`${owner} did not get its key`);
    await idempotency.store(key, owner, '{"ok":true,"output":{"refunded":12.5}}', 86_400_000);
    await ledger.append({ ...event, type: "call.succeeded" }, "durable");
  };
  const run =
    (callers: number) =>
    async (count: number): Promise<void> => {
      let left = count;
      const caller = async (): Promise<void> => {
        while (left-- > 0) await write();
      };
      await Promise.all(Array.from({ length: callers }, caller));
    };
  const contenders: readonly Contender[] = [
    { name: `${name}, a write with a key, ${CALLERS} callers`, run: run(CALLERS) },
    { name: `${name}, a write with a key, one caller`, run: run(1) },
  ];
  const measured = await measure(contenders, { rounds, turnMs, now: () => performance.now() });
  return measured.map((one) =>
    toFigure(one, {
      unit: "µs",
      note: `${toRate(one.ns.median)} calls a second, each waiting for the disk three times`,
    }),
  );
}

/** What the calling thread pays for a record that it does not wait for. */
async function benchAppend({ ledger }: OpenLedger, { rounds, turnMs }: Settings): Promise<Figure> {
  const events = Array.from({ length: 4_096 }, () => makeEvent());
  const append: Contender = {
    name: "an event handed over, on the calling thread",
    async run(count) {
      for (let index = 0; index < count; index++) {
        void ledger.append(events[index % events.length] as (typeof events)[number], "batched");
        if (index % TURN === TURN - 1) await nextTurn(ledger);
      }
    },
  };
  const [measured] = await measure([append], { rounds, turnMs, now: toThreadMs });
  await ledger.flush();
  return toFigure(measured as NonNullable<typeof measured>, { unit: "µs", note: "processor time of that thread" });
}

function toThreadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** How long calls that write, and events of others, keep the event loop in one turn of it. */
async function benchLoop({ ledger }: OpenLedger, { rounds, turnMs }: Settings): Promise<readonly Figure[]> {
  const write = async (): Promise<void> => {
    for (let index = 0; index < 10; index++) void ledger.append(makeEvent(), "batched");
    const event = makeEvent("call.intended");
    await ledger.begin(event, null);
    await ledger.append({ ...event, type: "call.succeeded" }, "durable");
  };
  const [idle, beside]: [TurnTimes[], TurnTimes[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    idle.push(await measureTurns(turnMs * 2, async () => {}));
    beside.push(await measureTurns(turnMs * 2, write));
  }
  await ledger.flush();
  const spread = (times: readonly TurnTimes[], which: keyof TurnTimes) => toSpread(times.map((one) => one[which]));
  const alone = { unit: "ms", base: null, ratio: null } as const;
  const without = (which: keyof TurnTimes): string =>
    `${spread(idle, which).median.toFixed(2)} ms with nothing to write`;
  return [
    {
      ...alone,
      name: "one turn of the event loop, p99",
      value: spread(beside, "busyMs"),
      goal: { of: "value", atMost: 1 },
      note: `processor time of that thread, up to 10,000 events and 1,000 writes a second; ${without("busyMs")}`,
    },
    {
      ...alone,
      name: "how late a timer is beside it, p99",
      value: spread(beside, "lateMs"),
      goal: null,
      note: `by the clock on the wall, with all that the machine does besides; ${without("lateMs")}`,
    },
  ];
}

/** At the 99th percentile. */
interface TurnTimes {
  readonly busyMs: number;
  readonly lateMs: number;
}

/** Does `work` about a thousand times a second for `ms`. */
async function measureTurns(ms: number, work: () => Promise<void>): Promise<TurnTimes> {
  const resolutionMs = 1;
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  const until = performance.now() + ms;
  const running: Promise<void>[] = [];
  const busy: number[] = [];
  delays.enable();
  for (let at = toThreadMs(); performance.now() < until;) {
    running.push(work());
    await sleep(1);
    const now = toThreadMs();
    busy.push(now - at);
    at = now;
  }
  delays.disable();
  await Promise.all(running);
  busy.sort((one, other) => one - other);
  return {
    busyMs: busy[Math.floor(busy.length * 0.99)] ?? 0,
    lateMs: Math.max(0, delays.percentile(99) / 1e6 - resolutionMs),
  };
}

function toRate(ns: number): string {
  return Math.round(1e9 / ns).toLocaleString("en");
}
