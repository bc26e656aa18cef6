// Load that does not wait for answers: requests start when they are due, so that a server that is slow is asked no less (a closed loop
// would hide it).
import { Agent, request } from "undici";

export interface OpenLoopResult {
  readonly offered: number;
  readonly accepted: number;
  readonly shed: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly acceptedP50: number;
  readonly acceptedP99: number;
  readonly shedP99: number;
  readonly seconds: number;
  readonly retryAfter: boolean;
}

export interface OpenLoopOptions {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly perSecond: number;
  readonly seconds: number;
}

const TICK_MS = 2;

export async function runOpenLoop({
  url,
  headers,
  body,
  perSecond,
  seconds,
}: OpenLoopOptions): Promise<OpenLoopResult> {
  const dispatcher = new Agent({ connections: 256, pipelining: 1 });
  const accepted: number[] = [];
  const shed: number[] = [];
  let failed = 0;
  let retryAfter = true;
  const running = new Set<Promise<void>>();
  const one = async (): Promise<void> => {
    const started = performance.now();
    try {
      const answer = await request(url, { method: "POST", headers, body, dispatcher });
      await answer.body.dump();
      const took = performance.now() - started;
      if (answer.statusCode === 200) accepted.push(took);
      else if (answer.statusCode === 503) shed.push(took);
      else failed++;
      if (answer.statusCode === 503 && answer.headers["retry-after"] === undefined) retryAfter = false;
    } catch {
      failed++;
    }
  };
  const begun = performance.now();
  let offered = 0;
  while (performance.now() - begun < seconds * 1_000) {
    const due = Math.floor(((performance.now() - begun) / 1_000) * perSecond);
    for (; offered < due; offered++) {
      const call = one().finally(() => running.delete(call));
      running.add(call);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(running);
  const took = (performance.now() - begun) / 1_000;
  await dispatcher.close();
  return {
    ...{ offered, failed, retryAfter, accepted: accepted.length, shed: shed.length, seconds: took },
    ...{ acceptedP50: at(accepted, 0.5), acceptedP99: at(accepted, 0.99), shedP99: at(shed, 0.99) },
  };
}

export function at(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
