// From a host to addresses that may all be dialled. One refused address refuses the host: which one is dialled is chance,
// and a name that mixes public and private addresses is an attack or a mistake.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { AddressPolicy } from "./address.ts";
import { type Life, withinLife } from "./exchange-life.ts";
import type { Target } from "./target.ts";

/** All addresses of a name, in the order they should be tried; rejects, or gives none, when there is none. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

/** As the system resolves names, its hosts file included. */
export const systemResolver: Resolver = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: "verbatim" });
  return found.map(({ address }) => address);
};

const MAX_ADDRESSES = 64;

/** The addresses of `target`, one or more. Throws RESOLVE_FAILED and REFUSED_ADDRESS. */
export async function resolveHost(
  target: Target,
  policy: AddressPolicy,
  resolve: Resolver,
  life: Life,
): Promise<readonly string[]> {
  const { hostname, isAddress } = target;
  const addresses = isAddress ? [hostname] : await lookUp(hostname, resolve, life);
  for (const address of addresses) {
    const decision = policy.decide(address);
    if (decision.ok) continue;
    const subject = isAddress ? hostname : `${hostname} resolves to ${address}, which`;
    throw life.fail("REFUSED_ADDRESS", `${subject} is refused (${decision.range}): expected ${policy.allows}`);
  }
  return addresses;
}

async function lookUp(hostname: string, resolve: Resolver, life: Life): Promise<readonly string[]> {
  let found: readonly string[];
  try {
    found = await withinLife(life, resolve(hostname));
  } catch (error) {
    if (life.scope.cancelled) throw error;
    throw life.fail("RESOLVE_FAILED", `${hostname} cannot be resolved${toCode(error)}`);
  }
  const strange = found.find((address) => isIP(address) === 0);
  if (strange !== undefined) throw life.fail("RESOLVE_FAILED", `${hostname} resolves to something that is no address`);
  if (found.length < 1 || found.length > MAX_ADDRESSES) {
    throw life.fail("RESOLVE_FAILED", `${hostname} has ${found.length} addresses, expected 1 to ${MAX_ADDRESSES}`);
  }
  return found;
}

/** The code of a system's error, in brackets: ` (ENOTFOUND)`. */
export function toCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code) ? ` (${code})` : "";
}
