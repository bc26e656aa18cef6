// The calls under way, for stops that cancel them. A list that runs through the calls themselves: a Set costs every call 280 ns, most of
// it for the hash of an object that is seen once.
import type { Call } from "./call.ts";

export interface ActiveCalls {
  enter(call: Call): void;
  /** For a call that has entered. */
  leave(call: Call): void;
  /** Those there are now; they may leave meanwhile. */
  list(): readonly Call[];
}

/** Creates a list of no calls. */
export function createActiveCalls(): ActiveCalls {
  let newest: Call | null = null;
  return {
    enter(call) {
      call.older = newest;
      if (newest !== null) newest.newer = call;
      newest = call;
    },
    leave(call) {
      const { older, newer } = call;
      if (older !== null) older.newer = newer;
      if (newer === null) newest = older;
      else newer.older = older;
      // What keeps a call keeps no other one with it.
      call.older = null;
      call.newer = null;
    },
    list() {
      const calls: Call[] = [];
      for (let call = newest; call !== null; call = call.older) calls.push(call);
      return calls;
    },
  };
}
