// Grants of a running registry. The rules themselves are in `authz/`.
import type { Environment } from "../pipeline/environment.ts";
import { type ActParts, recordAct, toAct } from "./acts.ts";
import type { Emitter } from "./events.ts";
import type { Grants } from "./registry.ts";
import type { KeptSettings } from "./settings/settings.ts";

/** The grants of a registry. */
export function createGrants(environment: Environment, emitter: Emitter, kept: KeptSettings | null): Grants {
  const { authorization } = environment;

  const announce = async (act: ActParts): Promise<void> => {
    emitter.emit("grants.changed", { count: authorization.grants.length });
    await recordAct(environment, "grants.changed", "*", act);
  };

  return {
    list: () => authorization.grants,
    async add(...grants) {
      if (kept !== null) return kept.addGrants(grants);
      authorization.addGrants(grants);
      const added = grants.map(({ name, effect = "allow", tools }) => ({ name: name ?? null, effect, tools }));
      await announce({ details: { added } });
    },
    async remove(name, options = {}) {
      if (kept !== null) return (await kept.remove("grant", name, options)) ? 1 : 0;
      const act = toAct("grants.remove", options, { removed: name }, environment);
      const removed = authorization.removeGrants(name);
      if (removed > 0) await announce(act);
      return removed;
    },
  };
}
