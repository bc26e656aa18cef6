// The only place that draws randomness. Injected, so that tests repeat.

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

/** Not for secrets: jitter, sampling, ids. */
export const systemRandom: Random = { next: () => Math.random() };
