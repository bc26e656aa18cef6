// The end of a registry: no new calls, the running ones get their time, the audit gets everything.
import { withinTime } from "../pipeline/deadline.ts";
import { AFTER_CALL_MS } from "../pipeline/run-hooks.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { Registry } from "./registry.ts";

type Closing = Pick<Registry, "close" | typeof Symbol.asyncDispose>;

const DEFAULT_GRACE_MS = 10_000;
/** For calls that waited, to come to their end. */
const LAST_MS = 100;

/** `close` and its alias for `await using`. */
export function createClosing(environment: Environment): Closing {
  let closing: Promise<void> | null = null;

  const untilIdle = async (timeoutMs: number): Promise<void> => {
    if (environment.running === 0) return;
    await new Promise<void>((resolve) => {
      const timer = environment.clock.setTimer(timeoutMs, resolve);
      environment.onIdle = () => {
        environment.clock.clearTimer(timer);
        resolve();
      };
    });
  };

  const close = async (graceMs: number): Promise<void> => {
    environment.closed = true;
    await untilIdle(graceMs);
    environment.ended = true;
    // Nothing of them has happened, or nothing more will: they are told, and written down before the sink is closed.
    for (const scope of environment.waiting) scope.cancel(new DOMException("The registry was closed.", "AbortError"));
    if (environment.waiting.size > 0) await untilIdle(LAST_MS);
    if (environment.audit === null) return;
    try {
      await withinTime(environment.clock, AFTER_CALL_MS, "closing the audit sink", environment.audit.close());
    } catch (error) {
      environment.report({ kind: "audit.failed", callId: null, error });
    }
  };

  return {
    close(options) {
      closing ??= close(options?.graceMs ?? DEFAULT_GRACE_MS);
      return closing;
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
