// Whether settings could be put in force all together, without a registry: what is stored must not keep the next one from opening.
import { type Problem, ToolyardError } from "../../errors/toolyard-error.ts";
import type { SettingStore } from "../../ports/setting-store.ts";
import type { ProgramSettings } from "./declared-settings.ts";
import { loadSettings } from "./load-settings.ts";
import { tryTarget } from "./plan-foundations.ts";

/**
 * What is wrong with the settings of `store` for a program with these options; empty when nothing is. The path of a problem with one
 * setting is its kind and its id as JSON text: `grant "support"`.
 */
export async function checkSettings(
  store: Pick<SettingStore, "page">,
  program: ProgramSettings,
): Promise<readonly Problem[]> {
  try {
    // Which tools there are is not known: overrides of their limits wait for them.
    tryTarget(await loadSettings(store, program), program, () => []);
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    return error.problems.length > 0 ? error.problems : [{ path: "settings", message: error.message }];
  }
}
