// Where an issuer says that its keys are: OpenID Connect Discovery 1.0, section 4, else RFC 8414, section 3.
// INVARIANT: a document speaks for the issuer that it names, to the character (RFC 8414, section 3.3; mix-up attacks).
import type { Clock } from "../../kernel/clock.ts";
import type { Egress } from "../../net/index.ts";
import { fetchDocument } from "./fetch-document.ts";
import type { IssuerSettings } from "./identity-settings.ts";

/** How long it is remembered. */
const REMEMBERED_MS = 3_600_000;

export interface KeysPlace {
  /** The URL of the issuer's keys. Rejects when it cannot be had. */
  locate(signal: AbortSignal): Promise<string>;
  /** Asks again the next time: the keys may have moved. */
  forget(): void;
}

export function createKeysPlace(settings: IssuerSettings, egress: Pick<Egress, "request">, clock: Clock): KeysPlace {
  let found: { readonly at: number; readonly url: string } | null = null;
  return {
    async locate(signal) {
      if (settings.jwksUri !== null) return settings.jwksUri;
      const at = clock.monotonic();
      if (found !== null && at - found.at < REMEMBERED_MS) return found.url;
      const url = await discoverKeys(egress, settings, signal);
      found = { at, url };
      return url;
    },
    forget() {
      found = null;
    },
  };
}

/** The URL that the issuer's metadata gives. Rejects when it cannot be had. */
async function discoverKeys(
  egress: Pick<Egress, "request">,
  settings: IssuerSettings,
  signal: AbortSignal,
): Promise<string> {
  const { issuer } = settings;
  for (const url of toMetadataUrls(issuer)) {
    // One after the other: the second is asked only where the first is not there.
    const document = await fetchDocument(egress, settings, url, signal);
    if (document === null) continue;
    if (document["issuer"] !== issuer) throw new Error("the metadata names another issuer");
    return readKeysUrl(document["jwks_uri"], issuer);
  }
  throw new Error("the issuer has no metadata");
}

/** The well-known places, in the order in which they are asked. */
function toMetadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

function readKeysUrl(value: unknown, issuer: string): string {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null) throw new Error("the metadata has no jwks_uri");
  // Keys in the clear could be anybody's; only an issuer that is itself at http has them there.
  const isAsSafe = url.protocol === "https:" || new URL(issuer).protocol === "http:";
  if (!isAsSafe) throw new Error("the metadata has a jwks_uri without TLS");
  return url.href;
}
