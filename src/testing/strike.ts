// One call and the fault that strikes it: what happens before its work, and what happens between the work and the answer.
import type { FaultKind } from "./fault-options.ts";
import type { FaultSettings } from "./read-fault-options.ts";
import { findSignal, waitFor, waitForever } from "./wait.ts";

/** How many calls there were, and how many of them each fault struck. */
export type FaultCounts = Readonly<Record<"calls" | FaultKind, number>>;

/** What was drawn for a call. */
export interface StrikeDraw {
  readonly kind: FaultKind;
  /** Number of the call, from 1. */
  readonly call: number;
  /** In [0, 1): how late a late call is. */
  readonly spread: number;
}

export class Strike {
  readonly #settings: FaultSettings;
  readonly #draw: StrikeDraw;
  readonly #count: (kind: FaultKind) => void;

  constructor(settings: FaultSettings, draw: StrikeDraw, count: (kind: FaultKind) => void) {
    this.#settings = settings;
    this.#draw = draw;
    this.#count = count;
  }

  /** null: the work begins at once. Otherwise it begins when the promise resolves, and never when that rejects. */
  before(args: readonly unknown[]): Promise<void> | null {
    const { kind, spread } = this.#draw;
    const { clock, minMs, maxMs, makeError } = this.#settings;
    switch (kind) {
      case "latency":
        this.#count(kind);
        return waitFor(clock, minMs + Math.floor(spread * (maxMs - minMs + 1)), findSignal(args));
      case "error":
        this.#count(kind);
        return this.#fail(makeError, "ECONNREFUSED", "failed before the work");
      case "hang":
        this.#count(kind);
        return waitForever(findSignal(args));
      case "dropAfterCommit":
      case "hangAfterCommit":
        return null;
    }
  }

  /** For work that has succeeded; work that fails has committed nothing. null: the answer is given. */
  after(args: readonly unknown[]): Promise<void> | null {
    const { kind } = this.#draw;
    switch (kind) {
      case "dropAfterCommit":
        this.#count(kind);
        return this.#fail(this.#settings.makeDrop, "ECONNRESET", "the answer was lost after the work");
      case "hangAfterCommit":
        this.#count(kind);
        return waitForever(findSignal(args));
      case "latency":
      case "error":
      case "hang":
        return null;
    }
  }

  async #fail(make: (() => unknown) | null, code: string, what: string): Promise<never> {
    if (make !== null) throw make();
    // The two numbers with which the failure can be had again.
    const message = `${code}: ${what} (injected: seed ${this.#settings.seed}, call ${this.#draw.call})`;
    throw Object.assign(new Error(message), { code });
  }
}
