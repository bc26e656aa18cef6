// From a checked configuration to the options of a registry. Pure: opens nothing, so `check-config.ts` can use it too.
import type { Limit, RegistryOptions } from "../../index.ts";
import type { ToolyardConfig } from "./config.ts";
import { CONFIG_DEFAULTS } from "./config-defaults.ts";

/**
 * The registry options a configuration stands for, without its audit and its state: those are files and databases, and whoever
 * opens them closes them (`openProject`). What is the server's is left out too.
 */
export function toRegistryOptions<App>(config: ToolyardConfig<App>): RegistryOptions<App> {
  const {
    authentication,
    defaultQuota,
    metricsRetentionMs,
    retries,
    audit: _audit,
    state: _state,
    server: _server,
    identity: _identity,
    egress: _egress,
    httpTools: _httpTools,
    limits,
    ...same
  } = config;
  return {
    ...same,
    defaultRole: config.defaultRole ?? CONFIG_DEFAULTS.defaultRole,
    requirePrincipal: authentication ?? CONFIG_DEFAULTS.authentication,
    // The user's first: what is wrong with one of them is told by its place.
    limits: [...(limits ?? []), ...toLimits(defaultQuota ?? CONFIG_DEFAULTS.defaultQuota)],
    retry: { repeats: retries ?? CONFIG_DEFAULTS.retries },
    timeoutMs: config.timeoutMs ?? CONFIG_DEFAULTS.timeoutMs,
    metering: { retentionMs: metricsRetentionMs ?? CONFIG_DEFAULTS.metricsRetentionMs },
  };
}

function toLimits(quota: (ToolyardConfig["defaultQuota"] & {}) | false): readonly Limit[] {
  return quota === false
    ? []
    : [{ name: "default", per: ["principal"], capacity: quota.capacity, windowMs: quota.windowMs }];
}
