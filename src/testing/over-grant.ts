// Measures what a limiter granted against what a token bucket may grant: every window between two grants, by brute force
// and by the definition, so that it shares no reasoning with what it checks.

export interface Grant {
  /** Monotonic ms; grants are in order of time. */
  readonly at: number;
  readonly units: number;
}

/**
 * By how many units the worst window exceeds `burst + capacity / windowMs * length`; 0 or less when none does.
 * Takes time in the square of the number of grants.
 */
export function measureOverGrant(
  grants: readonly Grant[],
  { burst, capacity, windowMs }: { readonly burst: number; readonly capacity: number; readonly windowMs: number },
): number {
  let worst = Number.NEGATIVE_INFINITY;
  grants.forEach((first, start) => {
    let granted = 0;
    for (const { at, units } of grants.slice(start)) {
      granted += units;
      worst = Math.max(worst, granted - burst - ((at - first.at) * capacity) / windowMs);
    }
  });
  return worst;
}
