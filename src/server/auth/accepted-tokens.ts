// Tokens that were verified a moment ago. Only accepted ones: what strangers make up would push them out.
// INVARIANT: the whole token is hashed. A part of it as key gives the identity of one to another (CVE-2026-35030):
// "gives ten thousand tokens with one beginning each its own identity".
import { hash } from "node:crypto";
import { createBoundedMap } from "../../kernel/bounded-map.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { TokenPrincipal } from "./claim-reader.ts";

export interface AcceptedToken {
  readonly ok: true;
  readonly principal: TokenPrincipal;
  readonly issuer: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export interface AcceptedTokens {
  get(text: string): AcceptedToken | null;
  set(text: string, token: AcceptedToken): void;
  clear(): void;
}

/** How long a token is believed without another look, at most. */
const BELIEVED_MS = 60_000;

/** Remembers at most `size` tokens (0: none), for settings of this `version`. */
export function createAcceptedTokens(size: number, version: string, clock: Clock): AcceptedTokens {
  const accepted = createBoundedMap<string, { readonly token: AcceptedToken; readonly until: number }>(size);
  const toKey = (text: string): string => `${version} ${hash("sha256", text, "base64url")}`;
  return {
    get(text) {
      const found = accepted.get(toKey(text));
      if (found === undefined) return null;
      // Both clocks: the wall's may be set back, and the other one says nothing of `exp`.
      return clock.monotonic() < found.until && clock.now() < found.token.expiresAt ? found.token : null;
    },
    set(text, token) {
      const leftMs = Math.min(token.expiresAt - clock.now(), BELIEVED_MS);
      if (leftMs > 0 && size > 0) accepted.set(toKey(text), { token, until: clock.monotonic() + leftMs });
    },
    clear() {
      accepted.clear();
    },
  };
}
