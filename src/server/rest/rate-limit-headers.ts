// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10): what is left of the caller's quotas.
import type { PrincipalInput, QuotaState, Registry } from "../../index.ts";

/** The fields after a call of `ref`; none when it has no quota, or none can be read: they are a courtesy. */
export async function toRateLimitHeaders(
  registry: Pick<Registry, "quotas">,
  principal: PrincipalInput,
  ref: string | undefined,
  now: number,
): Promise<Readonly<Record<string, string>>> {
  try {
    return toFields(await registry.quotas.remaining(principal, ref), now);
  } catch {
    return {};
  }
}

function toFields(states: readonly QuotaState[], now: number): Readonly<Record<string, string>> {
  if (states.length === 0) return {};
  const policies: string[] = [];
  const levels: string[] = [];
  for (const { limit, capacity, windowMs, remaining, resetsAt } of states.slice(0, 8)) {
    const name = JSON.stringify(limit.replace(/[^\x20-\x7e]|["\\]/g, "_"));
    policies.push(`${name};q=${Math.floor(capacity)};w=${Math.max(1, Math.ceil(windowMs / 1_000))}`);
    levels.push(
      `${name};r=${Math.max(0, Math.floor(remaining))};t=${Math.max(0, Math.ceil((resetsAt - now) / 1_000))}`,
    );
  }
  return { "ratelimit-policy": policies.join(", "), ratelimit: levels.join(", ") };
}
