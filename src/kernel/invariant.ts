// States what must hold. A failure is a bug of ours, never of the caller.

/** Throws when `condition` is false. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
