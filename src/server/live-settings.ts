// What a server may be given anew while it runs. Every part of a new configuration is made before any is put in force.
import type { Clock } from "../kernel/clock.ts";
import type { Keys } from "../keys/index.ts";
import type { Egress } from "../net/index.ts";
import { type Authenticator, createAuthenticator } from "./auth/index.ts";
import { type ServerSettings, toIdentitySettings, toServerSettings, type ResolvedConfig } from "./config/index.ts";
import { createHosts, createIpLimit, createShedder, type Hosts, type IpLimit, type Shedder } from "./http/index.ts";

export interface LiveSettings {
  readonly settings: ServerSettings;
  readonly authenticator: Authenticator;
  readonly shedder: Shedder;
  /** Which names a listener has, as a function that is asked at every request; `port` is the one that it got. */
  hostsOf(host: string, port: () => number): () => Hosts;
  ipLimit(): IpLimit | null;
  keyLimit(): IpLimit | null;
  /** Makes what `resolved` says; throws INVALID_CONFIG or a TypeError, and then nothing has changed. What is returned puts it in force. */
  prepare(resolved: ResolvedConfig): () => void;
  close(): void;
}

interface Parts {
  readonly keys: Pick<Keys, "verify">;
  readonly egress: Egress;
  readonly clock: Clock;
}

interface InForce {
  readonly settings: ServerSettings;
  readonly authenticator: Authenticator;
  readonly byAddress: IpLimit | null;
  readonly byCredential: IpLimit | null;
}

/** One credential may be used from many addresses, and one address hold many credentials: each by itself. */
const CREDENTIAL_FACTOR = 10;

export function createLiveSettings(first: ResolvedConfig, { keys, egress, clock }: Parts): LiveSettings {
  const make = ({ config }: ResolvedConfig, before: InForce | null): InForce => {
    const settings = toServerSettings(config);
    const identity = toIdentitySettings(config);
    const { publicUrl, ipLimit } = settings;
    const isSame = before !== null && JSON.stringify(before.settings.ipLimit) === JSON.stringify(ipLimit);
    const authenticator = createAuthenticator({ keys, identity, publicUrl, egress, clock });
    // A reload that does not concern them makes no limit whole.
    if (isSame) return { ...before, settings, authenticator };
    if (ipLimit === false) return { settings, authenticator, byAddress: null, byCredential: null };
    const { capacity, windowMs } = ipLimit;
    const byAddress = createIpLimit(capacity, windowMs, clock);
    return {
      settings,
      authenticator,
      byAddress,
      byCredential: createIpLimit(capacity * CREDENTIAL_FACTOR, windowMs, clock),
    };
  };

  let now = make(first, null);
  const toShedLimit = (): number | null =>
    now.settings.shedding === false ? null : now.settings.shedding.eventLoopDelayMs;
  return {
    get settings() {
      return now.settings;
    },
    get authenticator() {
      return now.authenticator;
    },
    shedder: createShedder(toShedLimit, clock),
    hostsOf(host, port) {
      let made: Hosts | null = null;
      let of: InForce | null = null;
      return () => {
        if (made !== null && of === now) return made;
        of = now;
        return (made = createHosts(now.settings, host, port()));
      };
    },
    ipLimit: () => now.byAddress,
    keyLimit: () => now.byCredential,
    prepare(resolved) {
      const next = make(resolved, now);
      return () => {
        const { authenticator } = now;
        now = next;
        authenticator.close();
      };
    },
    close() {
      now.authenticator.close();
    },
  };
}
