// When what has come up is sent to the writer. A message costs more than what it holds, and a transaction waits for the disk: what
// somebody waits for goes at once, with all that there is; what nobody waits for waits for more.
import { systemClock, type Timer } from "../../../kernel/clock.ts";

/** Turns of the microtask queue that a message waits for what other calls of the same turn have to write. */
const TURNS = 4;
/** How long an event waits for which nobody does, milliseconds; by the process's clock, because it is a matter of the disk and not of calls. */
const LINGER_MS = 20;
/** So many of them wait for no more. */
const LINGER_OPS = 256;

export class Flushes {
  readonly #flush: () => void;
  #isSoon = false;
  #timer: Timer | null = null;
  #lingering = 0;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** For what somebody waits for. */
  soon(): void {
    if (!this.#isSoon) void this.#afterTurns();
  }

  /** For what nobody waits for. */
  later(): void {
    if (++this.#lingering >= LINGER_OPS) this.soon();
    else
      this.#timer ??= systemClock.setTimer(LINGER_MS, () => {
        this.#send();
      });
  }

  async #afterTurns(): Promise<void> {
    this.#isSoon = true;
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    this.#isSoon = false;
    this.#send();
  }

  #send(): void {
    if (this.#timer !== null) systemClock.clearTimer(this.#timer);
    this.#timer = null;
    this.#lingering = 0;
    this.#flush();
  }
}
