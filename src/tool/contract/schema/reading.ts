// How silence about members is read. A validator accepts every member that a schema does not mention; people do not send
// what nobody told them of, and count on what they were told.

/**
 * `strict`: as validators do. `input`: what is new to a list of members was not sent before, and what was in it may not
 * vanish from it. `output`: what was in the list may not vanish. `same`: both lists have the same members.
 */
export type Reading = "strict" | "input" | "output" | "same";

interface Rules {
  /** Members that only the larger schema lists are taken not to occur where the smaller one says nothing of others. */
  readonly newIsUnsent: boolean;
  /** What the smaller schema lists, the larger one has to list or describe. */
  readonly keepsListed: boolean;
  /** What the larger schema lists, the smaller one has to list or describe. */
  readonly keepsPromised: boolean;
}

export const READINGS: Readonly<Record<Reading, Rules>> = Object.freeze({
  strict: { newIsUnsent: false, keepsListed: false, keepsPromised: false },
  input: { newIsUnsent: true, keepsListed: true, keepsPromised: false },
  output: { newIsUnsent: false, keepsListed: false, keepsPromised: true },
  same: { newIsUnsent: false, keepsListed: true, keepsPromised: true },
});
