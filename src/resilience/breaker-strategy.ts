// What decides that a closed breaker opens. A strategy lives from one closing to the next opening, so it has nothing to
// reset, and sees verdicts of that time only.

export interface BreakerStrategy {
  /** A call succeeded. */
  succeed(): void;
  /** A call failed; true: the breaker opens. */
  fail(): boolean;
}
