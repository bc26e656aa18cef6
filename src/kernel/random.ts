// Chance as a value that is passed in, so that tests repeat it.

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

/** The engine's own generator: for delays that should differ, never for secrets. */
export const systemRandom: Random = { next: () => Math.random() };
