// Defaults of the keys that a registry is not simply handed as they are.
import type { DefaultQuota } from "./config.ts";

export const CONFIG_DEFAULTS: {
  readonly defaultRole: string;
  readonly authentication: boolean;
  readonly defaultQuota: DefaultQuota;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly metricsRetentionMs: number;
} = Object.freeze({
  defaultRole: "USER",
  authentication: true,
  defaultQuota: Object.freeze({ capacity: 100, windowMs: 3_600_000 }),
  timeoutMs: 30_000,
  retries: 3,
  metricsRetentionMs: 86_400_000,
});
