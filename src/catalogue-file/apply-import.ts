// Carries a plan out, store by store: each takes all of its changes or none, and none when somebody has changed it since it was read.
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { CatalogStore, Change } from "../ports/catalog-store.ts";
import type { SettingStore } from "../ports/setting-store.ts";
import type { ImportPlan } from "./plan-import.ts";

interface Written {
  readonly catalog: Pick<CatalogStore, "save">;
  readonly settings: Pick<SettingStore, "save">;
}

/** Writes what was planned. Rejects with REVISION_CONFLICT or STATE_CONFLICT, saying what has been done by then. */
export async function applyImport(stores: Written, plan: ImportPlan, change: Change): Promise<void> {
  if (plan.catalog.length > 0) {
    const answer = await stores.catalog.save(plan.catalog);
    if (!answer.ok) throw toConflict(answer);
  }
  if (plan.settings.length === 0 || (await stores.settings.save(plan.settings, change))) return;
  const done = plan.catalog.length > 0 ? "The tools were imported, the settings were not" : "Nothing was changed";
  throw new ToolyardError("REVISION_CONFLICT", `Somebody has changed a setting meanwhile. ${done}; import it again`, {
    retryable: true,
  });
}

function toConflict({
  problem,
  name,
}: {
  readonly problem: "revision" | "called";
  readonly name: string;
}): ToolyardError {
  if (problem === "called") {
    const message = `${name} has a version that would go and has been called: it can be retired, not removed. Nothing was changed`;
    return new ToolyardError("STATE_CONFLICT", message);
  }
  const message = `Somebody has changed ${name} meanwhile. Nothing was changed; import it again`;
  return new ToolyardError("REVISION_CONFLICT", message, { retryable: true });
}
