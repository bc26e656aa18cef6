// Who sets what in a request. Two that set the same header or parameter would be two readings of one request: one by the
// registry that decided on it, and one by the upstream.

export type ClaimedKind = "path" | "query" | "header" | "body";

export interface NameClaims {
  /** Claims a name for `owner`; who has it already, or null. */
  claim(kind: ClaimedKind, name: string, owner: string): string | null;
}

/** Creates claims that nobody has made yet. */
export function createNameClaims(): NameClaims {
  const owners = new Map<string, string>();
  return {
    claim(kind, name, owner) {
      // Header names are the same in every case; others are not.
      const key = `${kind}:${kind === "header" ? name.toLowerCase() : name}`;
      const before = owners.get(key);
      if (before !== undefined) return before;
      owners.set(key, owner);
      return null;
    },
  };
}
