// Turns requests away when the process has more to do than it can. A turn of the event loop that begins with a request works
// off all that has arrived; what comes up after the turn has taken too long is refused, which costs a fiftieth of a call: what is
// let in stays quick, and the queue of the operating system is emptied at every turn.
// INVARIANT: a request that comes up within `limitMs` of its turn is let in: "lets in what comes up early in a turn".
import { afterTurn, type Clock } from "../../kernel/clock.ts";

export interface Shedder {
  /** Whether there is time for one more request in this turn. */
  admit(): boolean;
  readonly shed: number;
}

/** @param limitMs how long a turn may take before requests are turned away, milliseconds, over 0 */
export function createShedder(
  limitMs: () => number | null,
  clock: Clock,
  endOfTurn: typeof afterTurn = afterTurn,
): Shedder {
  let turnStart: number | null = null;
  let shed = 0;
  const endTurn = (): void => {
    turnStart = null;
  };
  return {
    admit() {
      const limit = limitMs();
      if (limit === null) return true;
      if (turnStart === null) {
        turnStart = clock.monotonic();
        endOfTurn(endTurn);
        return true;
      }
      if (clock.monotonic() - turnStart <= limit) return true;
      shed++;
      return false;
    },
    get shed() {
      return shed;
    },
  };
}
