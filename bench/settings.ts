// What the parts of the benchmark are told.

export interface Settings {
  /** Interleaved rounds, 1 or more. */
  readonly rounds: number;
  /** Milliseconds of one turn, about. */
  readonly turnMs: number;
  /** A folder with real definitions; null: generated ones. */
  readonly corpus: string | null;
  /** Divides how many tools the big catalogues hold. */
  readonly shrink: number;
}

/** What figures are quoted from. */
export const FULL: Settings = { rounds: 9, turnMs: 200, corpus: null, shrink: 1 };
/** To see whether everything runs; too short to quote. */
export const QUICK: Settings = { rounds: 3, turnMs: 20, corpus: null, shrink: 10 };
