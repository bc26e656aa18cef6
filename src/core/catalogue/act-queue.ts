// Acts on the catalogue, one after another: what an act decides is decided on what the one before it left. Where nothing has to be
// written down before an act, it is over before another can begin, and none waits.

export interface ActQueue {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates a queue in which nobody waits; `mayWait` says whether an act has to wait for anything between its decision and its effect. */
export function createActQueue(mayWait: () => boolean): ActQueue {
  let last: Promise<unknown> | null = null;
  return {
    run(work) {
      if (!mayWait()) return work();
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
