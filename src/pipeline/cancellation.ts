// Ties a call to what may cancel it from outside: the caller's signal, and the call that made this one.
import { toBound, toChildren } from "./attempt.ts";
import type { Call } from "./call.ts";

/** Attaches the call; returns what detaches it again, or null when nothing was attached. No listener outlives its call. */
export function attachCancellation(call: Call): (() => void) | null {
  const { signal, parent } = call.request;
  if (signal === null && parent === null) return null;
  const cancel = (reason: unknown): void => {
    call.scope.cancel(reason ?? new DOMException("The caller cancelled the call.", "AbortError"));
  };
  const leave =
    parent === null
      ? null
      : toChildren(parent).onCancel((reason) => {
          call.timedOut = parent.timedOut || toBound(parent.call).timedOut;
          cancel(reason);
        });
  if (signal === null) return leave;
  const onAbort = (): void => {
    cancel(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return () => {
    signal.removeEventListener("abort", onAbort);
    leave?.();
  };
}
