// Whether settings could be put in force all together, by a registry that is thrown away: what is stored must not keep the next one from
// opening.
import { type Problem, ToolyardError } from "../../errors/toolyard-error.ts";
import type { SettingStore } from "../../ports/setting-store.ts";
import { checkRegistryOptions } from "../check-options.ts";
import { makeRegistry } from "../make-registry.ts";
import type { RegistryOptions } from "../registry.ts";
import { loadSettings } from "./load-settings.ts";

/**
 * What is wrong with the settings of `store` for a program with these options; empty when nothing is. The path of a problem with one
 * setting is its kind and its id as JSON text: `grant "support"`.
 */
export async function checkSettings(store: SettingStore, given: RegistryOptions<never>): Promise<readonly Problem[]> {
  try {
    const loaded = await loadSettings(store, given);
    const options = { ...given, roles: loaded.roles, limits: loaded.limits };
    checkRegistryOptions(options);
    const { environment, principals } = makeRegistry(options, null);
    const { authorization, limiter } = environment;
    loaded.apply({ authorization, limiter, principals });
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    return error.problems.length > 0 ? error.problems : [{ path: "settings", message: error.message }];
  }
}
