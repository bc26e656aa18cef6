// When what has come up is sent to the writer: a message costs more than what it holds, so that it waits for what else there is.
import { afterTurn } from "../../../kernel/clock.ts";

/** Turns of the microtask queue that a message waits for what other calls of the same turn have to write. */
const TURNS = 4;

export class Flushes {
  readonly #flush: () => void;
  #isSoon = false;
  #isLater = false;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** For what somebody waits for. */
  soon(): void {
    if (!this.#isSoon) void this.#afterTurns();
  }

  /** For what nobody waits for: with all that the turn of the event loop brings. */
  later(): void {
    if (this.#isLater) return;
    this.#isLater = true;
    afterTurn(() => {
      this.#isLater = false;
      this.#flush();
    });
  }

  async #afterTurns(): Promise<void> {
    this.#isSoon = true;
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    this.#isSoon = false;
    this.#flush();
  }
}
