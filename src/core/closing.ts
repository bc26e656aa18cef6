// The end of a registry: no new calls, the running ones get their time, the audit gets everything.
import { withinTime } from "../pipeline/deadline.ts";
import { AFTER_CALL_MS } from "../pipeline/run-hooks.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { Registry } from "./registry.ts";

type Closing = Pick<Registry, "close" | typeof Symbol.asyncDispose>;

const DEFAULT_GRACE_MS = 10_000;
/** For calls that waited, to come to their end. */
const LAST_MS = 100;

/** What a registry over stores ends with. */
export interface Ending {
  /** Writes how much of the quotas is used up, while the stores still take it. */
  readonly closeQuotas: () => Promise<void>;
  readonly closeStores: () => Promise<void>;
}

/** `close` and its alias for `await using`. */
export function createClosing(environment: Environment, ending: Ending | null): Closing {
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

  /** What fails at the end is the operator's business, and holds nothing else up for long. */
  const attempt = async (
    what: "usage" | "quotas" | "audit" | "settings",
    end: () => Promise<void> | undefined,
  ): Promise<void> => {
    try {
      const ended = end();
      if (ended !== undefined) await withinTime(environment.clock, AFTER_CALL_MS, `closing the ${what}`, ended);
    } catch (error) {
      if (what === "audit") environment.report({ kind: "audit.failed", callId: null, error });
      else environment.report({ kind: "store.failed", callId: null, store: what, error });
    }
  };

  const close = async (graceMs: number): Promise<void> => {
    environment.closed = true;
    await untilIdle(graceMs);
    environment.ended = true;
    environment.shadows.end();
    // Nothing of them has happened, or nothing more will: they are told, and written down before the sink is closed.
    for (const scope of environment.waiting) scope.cancel(new DOMException("The registry was closed.", "AbortError"));
    if (environment.waiting.size > 0) await untilIdle(LAST_MS);
    await attempt("usage", () => environment.usage?.close());
    await attempt("quotas", () => ending?.closeQuotas());
    await attempt("audit", () => environment.audit?.close());
    await attempt("settings", () => ending?.closeStores());
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
