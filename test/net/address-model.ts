// Which addresses are public, worked out a second time: prefixes of IANA's registries of special purposes as numbers, and
// nothing of the library that the guard uses.

interface Prefix {
  readonly first: bigint;
  readonly last: bigint;
}

const V4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"],
  ...["198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"],
].map(toPrefix4);

/** Within 2000::/3, outside of which nothing is given out. */
const V6 = [
  ["2001", 23],
  ["2001:0db8", 32],
  ["2002", 16],
  ["3fff", 20],
  ["2620:004f:8000", 48],
].map(([start, bits]) => toPrefix6(String(start), Number(bits)));
const GLOBAL_V6 = toPrefix6("2000", 3);

// More prefixes to look at the edges of: those that one might forget are in the space that is not given out.
const EDGES_V6 = [
  ...[...V6, GLOBAL_V6],
  ...[toPrefix6("0000", 96), toPrefix6("0064:ff9b", 96), toPrefix6("0064:ff9b:0001", 48), toPrefix6("0100", 64)],
  ...[toPrefix6("2001", 32), toPrefix6("2001:0010", 28), toPrefix6("2001:0020", 28), toPrefix6("5f00", 16)],
  ...[toPrefix6("fc00", 7), toPrefix6("fe80", 10), toPrefix6("fec0", 10), toPrefix6("ff00", 8)],
  { first: 0xffff_0000_0000n, last: 0xffff_ffff_ffffn },
];

export const MODEL_V4: { readonly max: bigint; readonly edges: readonly bigint[] } = {
  max: 2n ** 32n - 1n,
  edges: toEdges(V4, 2n ** 32n - 1n),
};

export const MODEL_V6: { readonly max: bigint; readonly edges: readonly bigint[] } = {
  max: 2n ** 128n - 1n,
  edges: toEdges(EDGES_V6, 2n ** 128n - 1n),
};

export function isPublic4(address: bigint): boolean {
  return !V4.some((prefix) => isIn(prefix, address));
}

export function isPublic6(address: bigint): boolean {
  return isIn(GLOBAL_V6, address) && !V6.some((prefix) => isIn(prefix, address));
}

export function toText4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 0xffn)).join(".");
}

/** All eight groups, written out. */
export function toText6(address: bigint): string {
  const digits = address.toString(16).padStart(32, "0");
  return digits.replace(/(.{4})(?!$)/g, "$1:");
}

function isIn({ first, last }: Prefix, address: bigint): boolean {
  return address >= first && address <= last;
}

function toPrefix4(text: string): Prefix {
  const [address = "", bits] = text.split("/");
  const first = address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  return { first, last: first + 2n ** BigInt(32 - Number(bits)) - 1n };
}

/** The prefix of `bits` bits that begins with the groups of `start`, four digits each. */
function toPrefix6(start: string, bits: number): Prefix {
  const first = BigInt(`0x${start.replaceAll(":", "").padEnd(32, "0")}`);
  return { first, last: first + 2n ** BigInt(128 - bits) - 1n };
}

function toEdges(prefixes: readonly Prefix[], max: bigint): readonly bigint[] {
  return prefixes
    .flatMap(({ first, last }) => [first - 1n, first, first + 1n, last - 1n, last, last + 1n])
    .filter((address) => address >= 0n && address <= max);
}
