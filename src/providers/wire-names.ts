// Names that every provider accepts, for tools whose names have dots or are long. A name depends on the tool's own name
// alone; only when two tools of one binding would come out alike does the changed one get a hash of its name.
import { toDigest } from "../kernel/canonical-json.ts";

/** What OpenAI, Anthropic and Gemini all accept. */
export const PORTABLE_NAME: RegExp = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;

const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

/** `orders.get` as `orders_get`; longer than 64 characters: a prefix and a hash of the whole name. */
export function toWireName(name: string): string {
  const plain = name.replaceAll(".", "_");
  return plain.length <= MAX_LENGTH ? plain : toHashedName(name, 0);
}

/**
 * The wire name of each tool name (which must be distinct), whatever their order. A name that is portable as it is
 * always keeps itself.
 */
export function toWireNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter((name) => toWireName(name) === name));
  const changed = names.filter((name) => !taken.has(name)).sort();
  const wanted = new Map<string, number>();
  for (const name of changed) {
    const wire = toWireName(name);
    wanted.set(wire, (wanted.get(wire) ?? 0) + 1);
  }
  const wires = new Map<string, string>([...taken].map((name) => [name, name]));
  for (const name of changed) {
    let wire = toWireName(name);
    // A tool may be named like another's hash, by accident or by design: salting ends that at the first free one.
    for (let salt = 0; taken.has(wire) || (salt === 0 && wanted.get(wire) !== 1); salt++)
      wire = toHashedName(name, salt);
    taken.add(wire);
    wires.set(name, wire);
  }
  return wires;
}

function toHashedName(name: string, salt: number): string {
  const hash = toDigest(salt === 0 ? name : [name, salt]).slice("sha256:".length, "sha256:".length + HASH_LENGTH);
  return `${name.replaceAll(".", "_").slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}
