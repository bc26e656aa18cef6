// The live state of the hand-written pipeline's limits, found by short, known names instead of keys built for each call.
import { AMPLE } from "./workload.ts";

/** What an ample bucket gains in a millisecond. */
export const PER_MS: number = AMPLE.capacity / AMPLE.windowMs;

export interface Bucket {
  tokens: number;
  at: number;
}

/** What is kept for one tenant: found by short, known names, without building a key for each call. */
export interface TenantState {
  readonly bucket: Bucket;
  readonly principals: Map<string, PrincipalState>;
}

export interface PrincipalState {
  readonly bucket: Bucket;
  readonly spent: Bucket;
  readonly tools: Map<string, Bucket>;
  running: number;
}

const tenants = new Map<string, TenantState>();

export function toTenant(id: string, now: number): TenantState {
  let tenant = tenants.get(id);
  if (tenant === undefined) {
    tenant = { bucket: { tokens: AMPLE.capacity, at: now }, principals: new Map() };
    tenants.set(id, tenant);
  }
  return tenant;
}

export function toPrincipal(tenant: TenantState, id: string, now: number): PrincipalState {
  let principal = tenant.principals.get(id);
  if (principal === undefined) {
    const bucket = { tokens: AMPLE.capacity, at: now };
    principal = { bucket, spent: { tokens: 1, at: now }, tools: new Map(), running: 0 };
    tenant.principals.set(id, principal);
  }
  return principal;
}

export function toBucket(principal: PrincipalState, tool: string, now: number): Bucket {
  let bucket = principal.tools.get(tool);
  if (bucket === undefined) {
    bucket = { tokens: AMPLE.capacity, at: now };
    principal.tools.set(tool, bucket);
  }
  return bucket;
}

export function refill(bucket: Bucket, capacity: number, perMs: number, now: number): void {
  bucket.tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) * perMs);
  bucket.at = now;
}
