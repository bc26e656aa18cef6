// A connection to a system that the demo pretends to have. It can be told to break, before the work or after it: to
// whoever waits for the answer the two look the same.
import type { Clock } from "../../../index.ts";
import { wait } from "../wait.ts";

/** What gets lost: `request` before the work is done, `answer` after that. */
export type Loss = "request" | "answer";

export interface Connection {
  /** Requests so far, answered or not. */
  readonly requests: number;
  /** Sends a request that comes to `work`. Rejects with ECONNRESET when something of it gets lost. */
  send<T>(work: () => T, signal: AbortSignal): Promise<T>;
  /** Breaks for the next `count` requests. */
  lose(what: Loss, count: number): void;
  /** All is well again. */
  mend(): void;
}

/** There and back, milliseconds. */
const LATENCY_MS = 15;

/** Creates a connection that works. */
export function createConnection(clock: Clock): Connection {
  let requests = 0;
  let losing: Loss = "request";
  let left = 0;
  return {
    get requests() {
      return requests;
    },
    async send(work, signal) {
      requests++;
      const lost = left > 0 ? losing : null;
      if (lost !== null) left--;
      await wait(clock, LATENCY_MS, signal);
      if (lost === "request") throw toReset();
      const answer = work();
      if (lost === "answer") throw toReset();
      return answer;
    },
    lose(what, count) {
      losing = what;
      left = count;
    },
    mend() {
      left = 0;
    },
  };
}

function toReset(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}
