// Calls a listener that is not ours. Whatever it does, the one who tells goes on: its error becomes a warning of the
// process, because it has nowhere else to go.
import { isPromiseLike } from "../kernel/maybe-promise.ts";

/** Tells `listener`; `what` names it in the warning about one that throws or rejects. */
export function tellListener<T>(what: string, listener: (payload: T) => unknown, payload: T): void {
  try {
    const answer = listener(payload);
    if (isPromiseLike(answer)) {
      answer.then(undefined, (error: unknown) => {
        warn(what, error);
      });
    }
  } catch (error) {
    warn(what, error);
  }
}

function warn(what: string, error: unknown): void {
  // A text can always be made of an error's message; not of everything that can be thrown.
  const shown = error instanceof Error ? error : new Error(`a listener threw ${typeof error}`);
  process.emitWarning(shown, { type: "ToolyardListenerWarning", detail: `${what} failed` });
}
