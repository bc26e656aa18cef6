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
  // Nearly every scope has one listener at a time, the race of its call: no set is made for it.
  #first: Listener | null = null;
  #others: Set<Listener> | null = null;

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
    const first = this.#first;
    const others = this.#others;
    this.#first = null;
    this.#others = null;
    first?.(reason);
    if (others !== null) for (const listener of others) listener(reason);
    this.#controller?.abort(reason);
  }

  onCancel(listener: Listener): () => void {
    if (this.cancelled) {
      listener(this.reason);
      return nothing;
    }
    if (this.#first === null && this.#others === null) this.#first = listener;
    else (this.#others ??= new Set()).add(listener);
    return () => {
      if (this.#first === listener) this.#first = null;
      else this.#others?.delete(listener);
    };
  }
}

const nothing = (): void => {};

/** Creates a scope that nothing has cancelled yet. */
export function createScope(): Scope {
  return new LazyScope();
}
