// The keys of one issuer: fetched when first needed, again every ten minutes, and when a token names one that is not among them.
// INVARIANT: strangers choose the key ids, so what they can make us fetch is one document per cooldown, all callers together:
// "asks once for unknown key ids" in `issuer-keys.test.ts`.
import { createLocalJWKSet, type CryptoKey, errors, type LocalJWKSet } from "jose";
import type { Clock } from "../../kernel/clock.ts";
import type { Egress } from "../../net/index.ts";
import { createKeysPlace } from "./discovery.ts";
import { fetchDocument } from "./fetch-document.ts";
import type { IssuerSettings } from "./identity-settings.ts";
import { type Refusal, refuse, refuseUnknown } from "./refusal.ts";

/** How long fetched keys are used without asking again. */
export const FRESH_MS = 600_000;
/** How long they are believed while the issuer cannot be asked. */
export const GRACE_MS = 3_600_000;
/** Between two fetches, at least. */
export const COOLDOWN_MS = 30_000;
/** The same, as long as there are no keys at all. */
export const RETRY_MS = 5000;
const MAX_KEYS = 128;
const MIN_RSA_BITS = 2048;

export interface KeyQuery {
  readonly algorithm: string;
  readonly keyId: string | undefined;
}

export interface IssuerKeys {
  /** The one key that fits. Rejects only on a fault of ours. */
  find(query: KeyQuery): Promise<{ readonly ok: true; readonly key: CryptoKey } | Refusal>;
  /** Gives up what is under way. */
  close(): void;
}

interface KnownKeys {
  /** When they were asked for, on the clock that never steps. */
  readonly at: number;
  readonly set: LocalJWKSet;
}

export function createIssuerKeys(settings: IssuerSettings, egress: Pick<Egress, "request">, clock: Clock): IssuerKeys {
  const abort = new AbortController();
  const place = createKeysPlace(settings, egress, clock);
  let known: KnownKeys | null = null;
  let triedAt: number | null = null;
  let failed = false;
  let underway: Promise<void> | null = null;

  // Comparisons are written so that a clock that gives nonsense makes keys old.
  const isWithin = (at: number, ms: number): boolean => clock.monotonic() - at < ms;

  const load = async (): Promise<void> => {
    const at = clock.monotonic();
    triedAt = at;
    try {
      const document = await fetchDocument(egress, settings, await place.locate(abort.signal), abort.signal);
      known = { at, set: readKeySet(document) };
      failed = false;
    } catch {
      // Whoever asked is told by what is known now. The keys may have moved, so the next round asks where they are.
      failed = true;
      place.forget();
    }
  };

  /** Fetches, or waits for the fetch under way; does nothing within the cooldown. */
  const refresh = async (): Promise<void> => {
    if (underway === null) {
      if (triedAt !== null && isWithin(triedAt, known === null ? RETRY_MS : COOLDOWN_MS)) return;
      underway = load().finally(() => {
        underway = null;
      });
    }
    await underway;
  };

  return {
    async find(query) {
      if (known === null || !isWithin(known.at, FRESH_MS)) await refresh();
      for (let isLast = false; ; isLast = true) {
        if (known === null || !isWithin(known.at, GRACE_MS)) return refuseUnknown("issuer_unreachable");
        const found = await select(known.set, query);
        if (found !== null) return found;
        // A key that is not among ours may be among theirs by now.
        if (isLast) return failed ? refuseUnknown("issuer_unreachable") : refuse("unknown_signing_key");
        await refresh();
      }
    },
    close() {
      abort.abort();
    },
  };
}

/** The set of a document. Throws when it is none. */
function readKeySet(document: Record<string, unknown> | null): LocalJWKSet {
  const keys = document?.["keys"];
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw new Error(`there is no set of at most ${MAX_KEYS} keys`);
  return createLocalJWKSet({ keys });
}

/** The key that fits; null when none does. Several fit a token without a key id: it is not tried out which. */
async function select(
  set: LocalJWKSet,
  { algorithm, keyId }: KeyQuery,
): Promise<{ readonly ok: true; readonly key: CryptoKey } | Refusal | null> {
  let key: CryptoKey;
  try {
    key = await set({ alg: algorithm, ...(keyId === undefined ? {} : { kid: keyId }) });
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return null;
    // Several, a private one, one of another kind than it says: nothing that can verify.
    return refuse("unknown_signing_key");
  }
  const { modulusLength } = key.algorithm as { readonly modulusLength?: number };
  return modulusLength !== undefined && modulusLength < MIN_RSA_BITS ? refuse("weak_signing_key") : { ok: true, key };
}
