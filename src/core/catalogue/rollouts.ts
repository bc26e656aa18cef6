// Rollouts of a running registry: another version for some, or beside the one that answers.
import { toProblemsError } from "../../errors/toolyard-error.ts";
import type { JsonObject } from "../../kernel/json.ts";
import {
  findBase,
  promoteCanary,
  rollBack,
  startRollout,
  stopRollouts,
  type ToolEntry,
  withKnownVersions,
  withoutKnownVersions,
} from "../../registry/index.ts";
import type { RolloutKind } from "../../tool/tool-version.ts";
import { toChoiceProblem } from "../options.ts";
import { type ActBasis, type ActOptions, type Force, readActOptions, readForce } from "./act-options.ts";
import type { CatalogueParts } from "./commit-publication.ts";
import { checkContracts, loadAbsent } from "./contract-checks.ts";
import { readAudience } from "./read-audience.ts";
import { findTool, findVersion, runToolAct } from "./run-tool-act.ts";
import { listRollouts } from "./to-tool-life.ts";
import type { RolloutState, ToolLife } from "./tool-life.ts";
import type { ToolAct } from "./tool-writer.ts";

export interface RolloutOptions extends ActOptions {
  /**
   * `canary`: the version answers those who take part. `shadow`: it runs after the answer, with the same arguments, and what it
   * gives is only compared; for tools that read.
   * @default "canary"
   */
  readonly kind?: RolloutKind;
  /** Of the principals that are not named below, 0 to 100. @default 0 when somebody is named; else it has to be given */
  readonly percent?: number;
  /** Who takes part by name, at most 1,000. @default nobody */
  readonly principals?: readonly { readonly id: string; readonly tenant?: string }[];
  /** At most 1,000. @default none */
  readonly tenants?: readonly string[];
  /** Roles whose holders take part, also by inheritance; at most 1,000. @default none */
  readonly roles?: readonly string[];
  /** Another text draws other principals. @default the version */
  readonly salt?: string;
  /** Lets a canary break the contract of the version it answers for. @default refused with CONTRACT_BROKEN */
  readonly force?: Force;
}

export interface StopOptions extends ActOptions {
  /** @default both kinds */
  readonly kind?: RolloutKind;
}

/** Another version for some of those who ask for no exact version. */
export interface Rollouts {
  /**
   * Starts a rollout of an exact version beside what the bare name means now, or gives the one that stands another audience: a
   * higher `percent` only adds principals. Rejects with NOT_PUBLISHED, STATE_CONFLICT, INVALID_OPTION, UNKNOWN_ROLE or
   * CONTRACT_BROKEN.
   */
  start(ref: string, options: RolloutOptions): Promise<ToolLife>;
  /** Ends rollouts; the version that answered everybody else answers everybody. */
  stop(name: string, options?: StopOptions): Promise<ToolLife>;
  /** The canary becomes what everybody gets: it is activated, and what led to the version before leads to it. */
  promote(name: string, options?: ActOptions): Promise<ToolLife>;
  /** At once back: ends the canary or, when there is none, takes back the last promotion. */
  rollback(name: string, options?: ActOptions): Promise<ToolLife>;
  /** Those of one tool, or all. */
  list(name?: string): readonly RolloutState[];
}

interface RolloutAct {
  readonly what: "start" | "stop" | "promote" | "rollback";
  readonly name: string;
  readonly version: string | null;
  readonly kind: RolloutKind | null;
  readonly basis: ActBasis;
  readonly details?: JsonObject;
}

const START_KEYS = ["kind", "percent", "principals", "tenants", "roles", "salt", "force"];
const KINDS = ["canary", "shadow"] as const;

/** The rollouts of a registry. */
export function createRollouts(parts: CatalogueParts): Rollouts {
  const { catalogue, clock } = parts.environment;
  const begin = (what: RolloutAct["what"], options: ActOptions, more: readonly string[] = []): ActBasis =>
    readActOptions(`rollouts.${what}`, options, { now: clock.now(), more });
  return {
    async start(ref, options) {
      return start(parts, ref, options, begin("start", options, START_KEYS));
    },
    async stop(name, options = {}) {
      const basis = begin("stop", options, ["kind"]);
      const problems = toChoiceProblem("kind", options.kind, KINDS);
      if (problems.length > 0)
        throw toProblemsError("INVALID_OPTION", "rollouts.stop: options have problems.", problems);
      const kinds = options.kind === undefined ? KINDS : [options.kind];
      return act(parts, { what: "stop", name, version: null, kind: options.kind ?? null, basis }, (tool) =>
        stopRollouts(tool, kinds, basis.change),
      );
    },
    async promote(name, options = {}) {
      const basis = begin("promote", options);
      return act(parts, { what: "promote", name, version: null, kind: "canary", basis }, (tool) =>
        promoteCanary(tool, basis.change),
      );
    },
    async rollback(name, options = {}) {
      const basis = begin("rollback", options);
      return act(parts, { what: "rollback", name, version: null, kind: "canary", basis }, (tool) =>
        rollBack(tool, basis.change),
      );
    },
    list(name) {
      if (name === undefined) return [...catalogue.snapshot.tools, ...catalogue.dormant].flatMap(listRollouts);
      const tool = catalogue.find(name);
      return tool === undefined ? [] : listRollouts(tool);
    },
  };
}

async function start(parts: CatalogueParts, ref: string, options: RolloutOptions, basis: ActBasis): Promise<ToolLife> {
  const { authorization } = parts.environment;
  const forced = readForce("rollouts.start", options.force);
  const { tool, version } = await findVersion(parts, ref);
  const kind = options.kind ?? "canary";
  const audience = readAudience(options, version, authorization.roles);
  const { percent, principals, tenants, roles } = audience;
  const details = {
    ...{ percent, principals: principals.length, tenants, roles },
    ...(forced !== null && { forced }),
  };
  return act(parts, { what: "start", name: tool.name, version, kind, basis, details }, (current) => {
    if (kind === "canary") checkCanary(current, version, forced);
    return startRollout(current, version, { kind, audience, forced, change: basis.change });
  });
}

/** Who asks for no exact version must not be given another contract. */
function checkCanary(tool: ToolEntry, version: string, forced: string | null): void {
  const { base, candidate } = findBase(tool, version, "canary");
  const definition = base.tool.version;
  const check = { kind: "canary", after: candidate.tool.version, before: definition.version, definition } as const;
  checkContracts([check], { what: "rollouts.start", forced });
}

async function act(
  parts: CatalogueParts,
  { what, name, version, kind, basis, details = {} }: RolloutAct,
  apply: (tool: ToolEntry) => ToolEntry,
): Promise<ToolLife> {
  const { catalogue } = parts.environment;
  // Versions may take part of which another process has the code.
  const definitions = await loadAbsent(await findTool(parts, name), catalogue.store);
  const change: ToolAct = {
    type: "rollout.changed",
    name,
    version,
    details: { act: what, ...(kind !== null && { kind }), ...details },
    apply(tool) {
      const known = withKnownVersions(tool, definitions);
      const after = apply(known);
      return after === known ? tool : withoutKnownVersions(after, tool);
    },
    announce() {
      parts.emitter.emit("rollout.changed", { name, act: what, kind, version });
    },
  };
  return runToolAct(parts, change, basis);
}
