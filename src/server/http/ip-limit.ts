// Requests of one address in a time, before anything else is done for them. Bounded: the address that was quiet the longest is
// forgotten first, and begins anew.
import ipaddr from "ipaddr.js";
import { createBoundedMap } from "../../kernel/bounded-map.ts";
import type { Clock } from "../../kernel/clock.ts";

const MAX_ADDRESSES = 100_000;

export interface IpLimit {
  /** 0: let in; otherwise when to come again, milliseconds. */
  take(address: string): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket of `capacity` for each address, full again after `windowMs`. Networks of IPv6 count as one: /64. */
export function createIpLimit(capacity: number, windowMs: number, clock: Clock): IpLimit {
  const buckets = createBoundedMap<string, Bucket>(MAX_ADDRESSES);
  const perMs = capacity / windowMs;
  return {
    take(address) {
      const key = toNetwork(address);
      const now = clock.monotonic();
      const bucket = buckets.get(key);
      if (bucket === undefined) {
        buckets.set(key, { tokens: capacity - 1, at: now });
        return 0;
      }
      bucket.tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) * perMs);
      bucket.at = now;
      if (bucket.tokens < 1) return (1 - bucket.tokens) / perMs;
      bucket.tokens -= 1;
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
