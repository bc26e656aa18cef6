// Acts on the catalogue, one after another: what an act decides is decided on what the one before it left. An act that finds
// nobody before it begins at once, in the same turn.

export interface ActQueue {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates a queue in which nobody waits. */
export function createActQueue(): ActQueue {
  let last: Promise<unknown> | null = null;
  return {
    run(work) {
      const result = last === null ? work() : last.then(work, work);
      const mine = result.then(
        () => {},
        () => {},
      );
      last = mine;
      void mine.then(() => {
        if (last === mine) last = null;
      });
      return result;
    },
  };
}
