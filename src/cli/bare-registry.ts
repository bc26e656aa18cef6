// A registry over the state of the session for administrative acts: without the tools of the configuration, so that whoever looks after
// the state publishes nothing by the way.
import { openRegistry, type Registry } from "../index.ts";
import { loadConfig, toRegistryOptions } from "../server/config/index.ts";
import { openState } from "./state.ts";
import type { Session } from "./verb.ts";

/** Opens it. Rejects like `openRegistry`. */
export async function openBareRegistry(session: Session): Promise<Registry<never>> {
  const { config, io } = session;
  const loaded = await loadConfig(config, io.cwd);
  // Roles and limits that stored settings may name.
  const options = loaded === null ? {} : toRegistryOptions(loaded.config);
  return openRegistry<never>({ ...options, audit: {}, tools: [], clock: io.clock, stores: await openState(session) });
}
