// The writing side of a registry: publishing, the life of versions, and where references lead.
import type { Environment } from "../pipeline/environment.ts";
import { createLifecycle } from "./catalogue/lifecycle.ts";
import { createPointers } from "./catalogue/pointers.ts";
import type { CatalogueParts } from "./catalogue/commit-publication.ts";
import { createPublishing, type Publishing } from "./catalogue/publishing.ts";
import { createRollouts } from "./catalogue/rollouts.ts";
import { createToolWriter, type ToolWriter } from "./catalogue/tool-writer.ts";
import { createUnregister } from "./catalogue/unregistering.ts";
import type { Emitter } from "./events.ts";
import type { Registry } from "./registry.ts";

type Act = "activate" | "deprecate" | "retire" | "restore" | "delete" | "life" | "channels" | "defaults" | "rollouts";

/** What users hold, and what only those need who make a registry. */
export interface Administration {
  readonly public: Pick<Registry, "register" | "publish" | "publishData" | "unregister" | Act>;
  readonly publishing: Publishing;
  readonly writer: ToolWriter;
  /** What publications are made with. */
  readonly parts: CatalogueParts;
}

/** The writing side of a registry. */
export function createAdministration(environment: Environment, emitter: Emitter): Administration {
  const writer = createToolWriter(environment);
  const parts: CatalogueParts = { environment, emitter, writer };
  const publishing = createPublishing(parts);
  const { register, publish, publishData } = publishing;
  return {
    writer,
    publishing,
    parts,
    public: {
      register,
      publish,
      publishData,
      unregister: createUnregister(parts),
      ...createLifecycle(parts),
      ...createPointers(parts),
      rollouts: createRollouts(parts),
    },
  };
}
