// Configuration of a project: declare it with `defineConfig`, load it with `loadConfig`.
export {
  type AuditConfig,
  type DefaultQuota,
  defineConfig,
  type PostgresConfig,
  type StateConfig,
  type ToolyardConfig,
} from "./config.ts";
export { CONFIG_DEFAULTS, CONFIG_KEYS, type ConfigKey } from "./config-keys.ts";
export { CONFIG_FILES } from "./find-config.ts";
export { loadConfig, type LoadedConfig } from "./load-config.ts";
export { toRegistryOptions } from "./to-registry-options.ts";
