// The cancellation scope of a call. An AbortSignal costs ten times the scope itself, so one is made only when somebody
// reads `signal`. Cancelling is once and for all, runs the listeners in order, and never throws.

export interface Scope {
  /** Made at the first read. Aborted with the reason given to `cancel`. */
  readonly signal: AbortSignal;
  readonly cancelled: boolean;
  /** What `cancel` was given. */
  readonly reason: unknown;
  /** Runs the listeners and aborts the signal. Later calls do nothing. */
  cancel(reason: unknown): void;
  /** Calls `listener` on cancellation, at once if it has happened. Returns a function that removes it. */
  onCancel(listener: (reason: unknown) => void): () => void;
}

type Listener = (reason: unknown) => void;

class LazyScope implements Scope {
  cancelled = false;
  reason: unknown = undefined;
  #controller: AbortController | null = null;
  #listeners: Set<Listener> | null = null;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.cancelled) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  cancel(reason: unknown): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = null;
    if (listeners !== null) for (const listener of listeners) listener(reason);
    this.#controller?.abort(reason);
  }

  onCancel(listener: Listener): () => void {
    if (this.cancelled) {
      listener(this.reason);
      return () => {};
    }
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => {
      this.#listeners?.delete(listener);
    };
  }
}

/** Creates a scope that nothing has cancelled yet. */
export function createScope(): Scope {
  return new LazyScope();
}
