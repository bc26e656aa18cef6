// A registry over the state of the session for administrative acts: without the tools of the configuration, so that whoever looks after
// the state publishes nothing by the way.
import { openRegistry, type Registry } from "../index.ts";
import { toRegistryOptions } from "../server/config/index.ts";
import { loadSessionConfig } from "./load-session-config.ts";
import { openState } from "./state.ts";
import type { Session } from "./verb.ts";

/** Opens it. Rejects like `openRegistry`. */
export async function openBareRegistry(session: Session): Promise<Registry<never>> {
  const loaded = await loadSessionConfig(session);
  // Roles and limits that stored settings may name.
  const options = loaded === null ? {} : toRegistryOptions(loaded.config);
  return openRegistry<never>({
    ...options,
    audit: {},
    tools: [],
    clock: session.io.clock,
    stores: await openState(session),
  });
}
