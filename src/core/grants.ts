// Grants of a running registry. The rules themselves are in `authz/`.
import type { Grant } from "../authz/index.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { Environment } from "../pipeline/environment.ts";
import { recordAct } from "./acts.ts";
import type { Emitter } from "./events.ts";
import type { Grants } from "./registry.ts";
import type { Settings } from "./settings/settings.ts";

/** The grants of a registry. */
export function createGrants(environment: Environment, emitter: Emitter, kept: Settings | null): Grants {
  const { authorization } = environment;

  const announce = async (details: object): Promise<void> => {
    emitter.emit("grants.changed", { count: authorization.grants.length });
    await recordAct(environment, "grants.changed", "*", { details });
  };

  return {
    list: () => authorization.grants,
    async add(...grants) {
      if (kept !== null) return keepGrants(kept, grants);
      authorization.addGrants(grants);
      await announce({
        added: grants.map(({ name, effect = "allow", tools }) => ({ name: name ?? null, effect, tools })),
      });
    },
    async remove(name) {
      if (kept !== null) return (await kept.remove("grant", name)) ? 1 : 0;
      const removed = authorization.removeGrants(name);
      if (removed > 0) await announce({ removed: name });
      return removed;
    },
  };
}

/** Grants that outlive the process need a name, by which they are found again, and no code. */
async function keepGrants(kept: Settings, grants: readonly Grant[]): Promise<void> {
  for (const [index, { name }] of grants.entries()) {
    if (name !== undefined) continue;
    throw new ToolyardError("INVALID_OPTION", `grants[${index}].name: is missing; a grant that is kept needs one`);
  }
  for (const { name = "", ...body } of grants) await kept.set("grant", name, body as unknown as JsonValue);
}
