// Patterns that are a list of texts: `^(?:small|large)$` is an enum.

const LITERALS = /^\^(?:\((?:\?:)?(?<listed>[\w -]+(?:\|[\w -]+)*)\)|(?<single>[\w -]+))\$$/;

/** The texts that fit `pattern`, when it says them one by one; null otherwise. */
export function toLiterals(pattern: string): readonly string[] | null {
  const groups = pattern.length > 4_096 ? undefined : LITERALS.exec(pattern)?.groups;
  if (groups === undefined) return null;
  return [...new Set((groups["listed"] ?? groups["single"] ?? "").split("|"))];
}
