// What limits every call of a registry that says nothing else.
import type { ConcurrencyLimit, Limit } from "../tool/limit.ts";
import { deepFreeze } from "../kernel/freeze.ts";

/** 100 units per 60 minutes per principal. */
export const DEFAULT_LIMITS: readonly Limit[] = deepFreeze([
  { name: "default", per: ["principal"], capacity: 100, windowMs: 3_600_000 },
] satisfies Limit[]);

/** 256 calls running at once per principal. */
export const DEFAULT_CONCURRENCY: readonly ConcurrencyLimit[] = deepFreeze([
  { name: "running", per: ["principal"], max: 256 },
] satisfies ConcurrencyLimit[]);
