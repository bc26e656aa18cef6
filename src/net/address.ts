// Which addresses may be dialled: unicast and public, unless an operator permits more for an upstream. It decides on
// addresses alone, never on names: whoever owns a name decides what it resolves to.
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { EgressError } from "./egress-error.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = readonly [Address, number];

export type AddressDecision =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** What kind of address it is: `loopback`, `metadata` … */
      readonly range: string;
    };

export interface AddressPolicy {
  /** Equal for policies that decide alike. */
  readonly key: string;
  /** What is allowed, for a person. */
  readonly allows: string;
  decide(address: string): AddressDecision;
}

// The whole of the global unicast space that is given out (IANA).
const GLOBAL_V6: Cidr = toCidr("2000::/3");

// Where clouds answer with the credentials of the machine, and what stands in for such addresses. Some of them lie in
// ranges that are public or that an operator permits for other reasons, so only naming them permits them.
const METADATA: readonly Cidr[] = [
  "169.254.169.254/32", // AWS, Azure, Google Cloud, OpenStack and most others
  "169.254.170.2/32", // AWS, credentials of containers
  "169.254.170.23/32", // AWS, credentials of pods
  "168.63.129.16/32", // Azure's host: a public address
  "100.100.100.200/32", // Alibaba Cloud
  "192.0.0.192/32", // Oracle Cloud
  "fd00:ec2::254/128", // AWS over IPv6
  "fd00:ec2::23/128",
  "fd20:ce::254/128", // Google Cloud over IPv6
  "fd00:c1::a9fe:a9fe/128", // Oracle Cloud over IPv6
  "100:0:0:1::/64", // the dummy prefix (RFC 9780)
].map(toCidr);

// Networks of one's own. Everything else that is not public embeds other addresses, reaches many hosts or none.
const PRIVATE_RANGES: ReadonlySet<string> = new Set(["loopback", "private", "uniqueLocal", "carrierGradeNat"]);

const PUBLIC_ONLY = createPolicy(false, []);
const PRIVATE_TOO = createPolicy(true, []);

/** The policy of an upstream. Throws REFUSED_ADDRESS when `allow` names something that is no CIDR. */
export function toAddressPolicy(allow: boolean | readonly string[] | undefined): AddressPolicy {
  if (allow === true) return PRIVATE_TOO;
  if (allow === undefined || allow === false || allow.length === 0) return PUBLIC_ONLY;
  return createPolicy(false, allow);
}

function createPolicy(privateToo: boolean, texts: readonly string[]): AddressPolicy {
  const cidrs = texts.map(toCidr);
  const names = cidrs.map(([address, bits]) => `${address.toString()}/${bits}`).toSorted();
  const named = names.length === 0 ? "" : ` and ${names.slice(0, 5).join(", ")}${names.length > 5 ? " …" : ""}`;
  return {
    key: privateToo ? "private" : names.join(" "),
    allows: privateToo ? "public and private addresses" : `public addresses${named}`,
    decide: (text) => decide(text, privateToo, cidrs),
  };
}

function decide(text: string, privateToo: boolean, cidrs: readonly Cidr[]): AddressDecision {
  // The parser takes octal and hexadecimal forms, and a resolver may hand over anything: only the plain forms are read.
  if (isIP(text) === 0) return { ok: false, range: "not an address" };
  // A zone is an interface of this machine, and no public address has one.
  if (text.includes("%")) return { ok: false, range: "in a zone" };
  const address = ipaddr.parse(text);
  const metadata = METADATA.find((cidr) => contains(cidr, address));
  if (metadata !== undefined) {
    return cidrs.some((cidr) => isWithin(cidr, metadata) && contains(cidr, address))
      ? { ok: true }
      : { ok: false, range: "metadata" };
  }
  if (cidrs.some((cidr) => contains(cidr, address))) return { ok: true };
  const range = toRange(address);
  if (range === "unicast" || (privateToo && PRIVATE_RANGES.has(range))) return { ok: true };
  return { ok: false, range };
}

function toRange(address: Address): string {
  const range = address.range();
  if (range !== "unicast" || address.kind() === "ipv4") return range;
  return contains(GLOBAL_V6, address) ? range : "not global";
}

function contains([network, bits]: Cidr, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

function isWithin([inner, innerBits]: Cidr, outer: Cidr): boolean {
  return innerBits >= outer[1] && contains(outer, inner);
}

function toCidr(text: string): Cidr {
  const [address, bits, ...rest] = text.split("/");
  const isPlain = address !== undefined && isIP(address) !== 0 && !address.includes("%");
  if (isPlain && rest.length === 0 && bits !== undefined && /^\d{1,3}$/.test(bits)) {
    const parsed = ipaddr.parse(address);
    if (Number(bits) <= (parsed.kind() === "ipv4" ? 32 : 128)) return [parsed, Number(bits)];
  }
  const received = JSON.stringify(text.slice(0, 80));
  throw new EgressError("REFUSED_ADDRESS", `allowPrivate: received ${received}, expected a CIDR such as 10.0.0.0/8`);
}
