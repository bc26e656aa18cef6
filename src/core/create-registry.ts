// A registry that lives in memory, and ends with its process.
import { checkRegistryOptions } from "./check-options.ts";
import { makeRegistry } from "./make-registry.ts";
import type { Registry, RegistryOptions } from "./registry.ts";
import { applyDeclared } from "./settings/declared-settings.ts";

/**
 * Creates a registry in memory. Every option has a safe default.
 * Throws INVALID_OPTION, UNKNOWN_ROLE, UNKNOWN_LIMIT or INVALID_DEFINITION, each listing everything that is wrong, or CONTRACT_BROKEN when one of
 * `tools` changes more than its version says since a lower one beside it.
 */
export function createRegistry<App = unknown>(options: RegistryOptions<App> = {}): Registry<App> {
  // What the app is matters to handlers only; from here on it is just passed along.
  const untyped = options as unknown as RegistryOptions<never>;
  checkRegistryOptions(untyped);
  const { registry, administration, target } = makeRegistry(untyped, null);
  administration.publishing.publishAtOnce(untyped.tools ?? [], untyped.force);
  applyDeclared(untyped, target);
  return registry;
}
