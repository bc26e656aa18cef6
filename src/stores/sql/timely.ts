// A bound for questions on the path of a call: a database that hangs must not hold a call until its statements time out.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Clock } from "../../kernel/clock.ts";

/** As long as the ledger gives a write, milliseconds. */
const READ_MS = 250;

/** The answer, or a rejection with STORE_FAILED when it does not come in time. */
export function timely<T>(clock: Clock, what: string, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(READ_MS, () => {
      reject(new ToolyardError("STORE_FAILED", `${what} was not answered in ${READ_MS} ms`, { retryable: true }));
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
