// Configuration of a project: declare it with `defineConfig`, load it with `loadConfig`.
export {
  type AuditConfig,
  type DefaultQuota,
  defineConfig,
  type PostgresConfig,
  type StateConfig,
  type ToolyardConfig,
} from "./config.ts";
export { CONFIG_DEFAULTS } from "./config-defaults.ts";
export { toConfigJsonSchema } from "./config-json-schema.ts";
export type { EgressConfig, EgressSettings } from "./egress-config.ts";
export type {
  ClaimRuleConfig,
  ClaimRuleSettings,
  ClaimsConfig,
  ClaimsSettings,
  IdentityConfig,
  IdentitySettings,
  IssuerConfig,
  IssuerSettings,
  TokenAlgorithm,
} from "./identity-config.ts";
export { RELOADABLE } from "./config-keys.ts";
export { describeConfig, type DescribedValue } from "./describe-config.ts";
export { type ConfigDifference, diffConfig } from "./diff-config.ts";
export type { Environment } from "./environment.ts";
export { CONFIG_FILES } from "./find-config.ts";
export { loadConfig, type LoadedConfig } from "./load-config.ts";
export { type ConfigOrigin, resolveConfig, type ResolveConfigOptions, type ResolvedConfig } from "./resolve-config.ts";
export type { DrainConfig, IpLimitConfig, ServerConfig, ServerSettings, SheddingConfig } from "./server-config.ts";
export { toEgressSettings, toIdentitySettings, toServerSettings } from "./server-settings.ts";
export { toRegistryOptions } from "./to-registry-options.ts";
export { type ConfigWatch, watchConfig, type WatchConfigOptions } from "./watch-config.ts";
