// What may be shown of a key: everything but its hash.
import type { StoredKey } from "../ports/key-store.ts";
import type { KeyDescription, KeyStatus } from "./keys.ts";

/** The description of `key` at `now`, epoch ms. */
export function describeKey({ hash: _hash, ...rest }: StoredKey, now: number): KeyDescription {
  return { ...rest, status: toStatus(rest, now) };
}

function toStatus({ revokedAt, expiresAt, replacedBy }: Omit<StoredKey, "hash">, now: number): KeyStatus {
  if (revokedAt !== null) return "revoked";
  if (expiresAt !== null && expiresAt <= now) return "expired";
  return replacedBy === null ? "active" : "rotated";
}
