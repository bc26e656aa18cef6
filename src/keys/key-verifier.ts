// Whose key was presented. The hash of the presented key is made and compared whatever the store knows, so that the time tells
// nobody which ids exist; a key that is not accepted is answered the same whatever the reason.
// INVARIANT: after `forget`, nothing that was read before it is answered from: see "a lookup that began before a revocation is not kept".
import { hash as digest, randomBytes } from "node:crypto";
import { createPrincipal, type PrincipalInput } from "../call/principal.ts";
import { createBoundedMap } from "../kernel/bounded-map.ts";
import type { Clock } from "../kernel/clock.ts";
import { isPromiseLike, type MaybePromise } from "../kernel/maybe-promise.ts";
import type { KeyStore, StoredKey } from "../ports/key-store.ts";
import { type ParsedKey, parseKey } from "./key-format.ts";
import { isSameHash, type KeyHasher } from "./key-hasher.ts";
import type { KeyAnswer, KeyRefusalReason } from "./keys.ts";
import type { LastUses } from "./last-uses.ts";

export interface KeyVerifierOptions {
  readonly store: Pick<KeyStore, "get">;
  readonly hasher: KeyHasher;
  readonly clock: Clock;
  readonly uses: LastUses;
  /** How long a found key is believed without asking the store again, milliseconds. */
  readonly cacheMs: number;
  /** Keys that are believed at once, at most. */
  readonly cacheSize: number;
}

export interface KeyVerifier {
  verify(presented: unknown): MaybePromise<KeyAnswer>;
  /** Believes no key any more without asking the store. */
  forget(): void;
}

interface Found {
  readonly key: StoredKey;
  readonly principal: PrincipalInput;
  /** On the clock that never steps. */
  readonly believedUntil: number;
}

const MAX_PRESENTED = 256;
/** What a caller is told, and no more. */
const REFUSED_MESSAGE = "The API key is not accepted.";

export function createKeyVerifier(options: KeyVerifierOptions): KeyVerifier {
  const { store, hasher, clock, uses, cacheMs, cacheSize } = options;
  // By a digest of all that was presented: two keys that share a beginning never share an entry (S-05). It costs a tenth of the hash
  // that is kept, and nothing is learnt from how long it takes to find: who has the whole key is let in.
  const believed = createBoundedMap<string, Found>(cacheSize);
  // Nobody's: what an unknown id is compared with.
  const nobody = randomBytes(32);
  let round = 0;

  const answer = ({ key, principal }: Found): KeyAnswer => {
    if (key.revokedAt !== null) return refuse("revoked", key.id);
    if (key.expiresAt !== null && key.expiresAt <= clock.now()) return refuse("expired", key.id);
    uses.note(key.id, key.lastUsedAt);
    return { ok: true, principal, keyId: key.id };
  };

  const look = (parsed: ParsedKey, name: string, stored: StoredKey | null, asked: number): KeyAnswer => {
    const hash = hasher.hash(parsed.text);
    const isSame = isSameHash(hash, stored === null ? nobody : Buffer.from(stored.hash, "hex"));
    if (!isSame || stored === null) return refuse("unknown", parsed.id);
    const found = { key: stored, principal: toPrincipal(stored), believedUntil: clock.monotonic() + cacheMs };
    // What was asked before a revocation may be older than it.
    if (cacheMs > 0 && asked === round) believed.set(name, found);
    return answer(found);
  };

  return {
    verify(presented) {
      // Longer texts than any key has are not even looked at.
      if (typeof presented !== "string" || presented.length > MAX_PRESENTED) return refuse("malformed", null);
      const name = digest("sha256", presented, "binary");
      const known = believed.get(name);
      if (known !== undefined && clock.monotonic() < known.believedUntil) return answer(known);
      const parsed = parseKey(presented);
      if (parsed === null) return refuse("malformed", null);
      const asked = round;
      const stored = store.get(parsed.id);
      return isPromiseLike(stored)
        ? stored.then((key) => look(parsed, name, key, asked))
        : look(parsed, name, stored, asked);
    },
    forget() {
      round++;
      believed.clear();
    },
  };
}

function refuse(reason: KeyRefusalReason, keyId: string | null): KeyAnswer {
  return { ok: false, code: "UNAUTHENTICATED", message: REFUSED_MESSAGE, reason, keyId };
}

/** Checked once, not at every call; without roles of the key's own it is left to the registry, which knows the default. */
function toPrincipal({ principal: id, tenant, roles, scopes }: StoredKey): PrincipalInput {
  return roles === null ? Object.freeze({ id, tenant, scopes }) : createPrincipal({ id, tenant, roles, scopes });
}
