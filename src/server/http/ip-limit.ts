// Requests of one address in a time, before anything else is done for them. Bounded: the address that was quiet the longest is
// forgotten first, and begins anew.
import ipaddr from "ipaddr.js";
import { createBoundedMap } from "../../kernel/bounded-map.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Account } from "../../quota/rule.ts";
import { toSteps } from "../../quota/steps.ts";
import { createTokenBucket } from "../../quota/token-bucket.ts";

const MAX_ADDRESSES = 100_000;

export interface IpLimit {
  /** 0: let in; otherwise when to come again, milliseconds. */
  take(address: string): number;
}

const ONE = toSteps(1);

/** A token bucket of `capacity` for each address, full again after `windowMs`. Networks of IPv6 count as one: /64. */
export function createIpLimit(capacity: number, windowMs: number, clock: Clock): IpLimit {
  const accounts = createBoundedMap<string, Account>(MAX_ADDRESSES);
  const bucket = createTokenBucket({ capacity, windowMs, burst: capacity });
  return {
    take(address) {
      const key = toNetwork(address);
      const now = clock.monotonic();
      const account = accounts.get(key) ?? { at: now, used: 0 };
      accounts.set(key, account);
      const excess = bucket.debtAt(account, now) + ONE - bucket.burstSteps;
      if (excess > 0) return bucket.shrinksInMs(excess, now);
      bucket.charge(account, ONE, now);
      return 0;
    },
  };
}

/** What one customer of a network has at least. */
function toNetwork(address: string): string {
  if (!address.includes(":") || !ipaddr.IPv6.isValid(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":");
}
