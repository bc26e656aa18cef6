// Versions come into the catalogue. Each publication is checked as a whole before anything changes.
import { planPublication } from "../../registry/index.ts";
import type { AnyTool } from "../../tool/definition.ts";
import type { PublishedTool, ToolDescription } from "../../tool/tool-version.ts";
import type { Registry } from "../registry.ts";
import { type ActOptions, type Force, readActOptions, readForce } from "./act-options.ts";
import { checkDefinitions, type ReadDefinitions, readDefinitions } from "./check-definitions.ts";
import { type CommitOptions, commitPublication, type CatalogueParts, takePublication } from "./commit-publication.ts";
import { checkContracts } from "./contract-checks.ts";
import { readData } from "./read-data.ts";

export interface PublishOptions extends ActOptions {
  /** Publishes versions that only their exact version, or a rollout, reaches until they are activated. @default false */
  readonly staged?: boolean;
  /** Lets a version through whose number says less than its contract changes. @default refused with CONTRACT_BROKEN */
  readonly force?: Force;
}

export interface Publishing extends Pick<Registry, "register" | "publish" | "publishData"> {
  /** Publishes at once, without store and audit: for a registry that is being made. */
  publishAtOnce(tools: readonly AnyTool[], force: Force | undefined): void;
  /** Publishes checked tools as one act. */
  commit(published: readonly PublishedTool[], options: CommitOptions): Promise<unknown>;
  /** Publishes a tool of the registry's own, whose name nobody else may use. */
  publishOwn(tool: AnyTool): void;
}

/** Publishing. */
export function createPublishing(parts: CatalogueParts): Publishing {
  const { environment, emitter, writer } = parts;
  const { catalogue, clock } = environment;

  const publish = async (
    what: string,
    read: () => ReadDefinitions,
    { redefines, ...options }: PublishOptions & { readonly redefines: boolean },
  ): Promise<readonly ToolDescription[]> => {
    const basis = readActOptions(what, options, { now: clock.now(), more: ["staged", "force"] });
    const forced = readForce(what, options.force);
    const status = options.staged === true ? "staged" : "active";
    const published = checkDefinitions(read(), environment, "user");
    const entries = await commitPublication(parts, published, { what, basis, forced, status, redefines });
    return entries.map(({ description }) => description);
  };

  const takeAtOnce = (what: string, published: readonly PublishedTool[], forced: string | null): void => {
    const { change } = readActOptions(what, {}, { now: clock.now() });
    const planned = planPublication(catalogue.find, published, { change, status: "active" });
    checkContracts(planned.checks, { what, forced });
    takePublication(environment, planned);
  };

  return {
    commit: (published, options) => commitPublication(parts, published, options),
    publishAtOnce(tools, force) {
      const forced = readForce("createRegistry", force);
      takeAtOnce("createRegistry", checkDefinitions(readDefinitions(tools), environment, "user"), forced);
    },
    publishOwn(tool) {
      const published = checkDefinitions(readDefinitions([tool]), environment, "registry");
      takeAtOnce("publish", published, null);
      for (const { version } of published) {
        emitter.emit("tool.published", { name: version.name, version: version.version });
        const record = { principal: null, version: version.version, digest: version.digest, details: {} };
        void writer.record("tool.published", version.name, record);
      }
    },
    register: (...tools) => publish("register", () => readDefinitions(tools), { redefines: true }),
    publish: (tools, options = {}) => publish("publish", () => readDefinitions(tools), { ...options, redefines: true }),
    // A version that is data is what it is: whoever publishes it did not review what stands under its number.
    publishData: (definitions, options = {}) =>
      publish("publishData", () => readData("publishData", definitions, environment.sources), {
        ...options,
        redefines: false,
      }),
  };
}
