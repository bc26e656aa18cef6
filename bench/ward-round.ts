// One turn of `isolation.ts`: two hundred callers in a closed loop on one registry, and what they waited for.
import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome, Registry } from "../src/index.ts";
import type { Random } from "../src/kernel/random.ts";
import { PATIENTS, type Patient } from "./isolation-tools.ts";
import { CALLER, GOOD_INPUT } from "./workload.ts";

const CALLERS = 200;
/** A caller thinks between none and twice as long. */
const THINK_MS = 40;

/** Milliseconds and counts of one turn. */
export interface Turn {
  readonly healthyP50: number;
  readonly healthyP99: number;
  /** Calls of healthy tools per second. */
  readonly healthyPerS: number;
  readonly healthyFailed: number;
  /** Of calls that were refused before any handler was entered; NaN when there were none. */
  readonly shedP99: number;
  readonly shed: number;
  /** Calls of tools that can be sick, by what ails the tool and how they ended: `hanging TIMEOUT`, `flapping ok`. */
  readonly ends: ReadonlyMap<string, number>;
}

interface Log {
  readonly healthy: number[];
  readonly shed: number[];
  readonly ends: Map<string, number>;
  healthyFailed: number;
}

/** Lets the callers call `registry` for `lastsMs`; which tool each takes and how long it thinks `random` says. */
export async function takeTurn(registry: Registry, lastsMs: number, random: Random): Promise<Turn> {
  const log: Log = { healthy: [], shed: [], ends: new Map(), healthyFailed: 0 };
  const endsAt = performance.now() + lastsMs;
  const call = async (): Promise<void> => {
    for (;;) {
      await sleep(random.next() * 2 * THINK_MS);
      const patient = PATIENTS[Math.floor(random.next() * PATIENTS.length)] as Patient;
      const startedAt = performance.now();
      if (startedAt >= endsAt) return;
      const outcome = await registry.execute(patient.name, GOOD_INPUT, { principal: CALLER });
      note(log, patient, outcome, performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return {
    healthyP50: toPercentile(log.healthy, 0.5),
    healthyP99: toPercentile(log.healthy, 0.99),
    healthyPerS: log.healthy.length / (lastsMs / 1_000),
    healthyFailed: log.healthyFailed,
    shedP99: toPercentile(log.shed, 0.99),
    shed: log.shed.length,
    ends: log.ends,
  };
}

function note(log: Log, { health }: Patient, outcome: Outcome, tookMs: number): void {
  const code = outcome.ok ? "ok" : outcome.error.code;
  if (health === "healthy") {
    log.healthy.push(tookMs);
    if (!outcome.ok) log.healthyFailed++;
    return;
  }
  const end = `${health} ${code}`;
  log.ends.set(end, (log.ends.get(end) ?? 0) + 1);
  const isShed = code === "OVERLOADED" || code === "BREAKER_OPEN";
  // One that was refused at a repeat has waited for its first attempt.
  if (isShed && outcome.meta.attempts === 0) log.shed.push(tookMs);
}

/** The value below which `part` of them lie; NaN when there are none. */
function toPercentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
