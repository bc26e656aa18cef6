// Grants of a running registry. The rules themselves are in `authz/`.
import type { Environment } from "../pipeline/environment.ts";
import { recordAct } from "./acts.ts";
import type { Emitter } from "./events.ts";
import type { Grants } from "./registry.ts";

/** The grants of a registry. */
export function createGrants(environment: Environment, emitter: Emitter): Grants {
  const { authorization } = environment;

  const announce = async (details: object): Promise<void> => {
    emitter.emit("grants.changed", { count: authorization.grants.length });
    await recordAct(environment, "grants.changed", "*", { details });
  };

  return {
    list: () => authorization.grants,
    async add(...grants) {
      authorization.addGrants(grants);
      await announce({
        added: grants.map(({ name, effect = "allow", tools }) => ({ name: name ?? null, effect, tools })),
      });
    },
    async remove(name) {
      const removed = authorization.removeGrants(name);
      if (removed > 0) await announce({ removed: name });
      return removed;
    },
  };
}
