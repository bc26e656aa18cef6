// Chance as a value that is passed in, so that tests repeat it.

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}
