// A bound for questions on the path of a call: a database that hangs must not hold a call until its statements time out.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Clock } from "../../kernel/clock.ts";

export interface Bound {
  readonly clock: Clock;
  /** As long as the ledger gives a write, milliseconds. */
  readonly waitMs: number;
}

/** The answer, or a rejection with STORE_FAILED when it does not come in time. */
export function timely<T>({ clock, waitMs }: Bound, what: string, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(waitMs, () => {
      reject(new ToolyardError("STORE_FAILED", `${what} was not answered in ${waitMs} ms`, { retryable: true }));
    });
    answer.then(
      (value) => {
        clock.clearTimer(timer);
        resolve(value);
      },
      (error: unknown) => {
        clock.clearTimer(timer);
        reject(error);
      },
    );
  });
}
