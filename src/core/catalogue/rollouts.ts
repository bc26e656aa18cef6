// Rollouts of a running registry: another version for some, or beside the one that answers.
import { createPrincipal, DEFAULT_TENANT } from "../../call/principal.ts";
import { toProblemsError, type Problem } from "../../errors/toolyard-error.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { findNearest } from "../../kernel/nearest.ts";
import type { Environment } from "../../pipeline/environment.ts";
import {
  type Audience,
  type AudienceMember,
  type ContractCheck,
  findBase,
  promoteCanary,
  requireTool,
  requireVersion,
  rollBack,
  type RolloutKind,
  startRollout,
  stopRollouts,
  type ToolEntry,
} from "../../registry/index.ts";
import type { Emitter } from "../events.ts";
import { toChoiceProblem, toKind } from "../options.ts";
import { type ActBasis, type ActOptions, type Force, readActOptions, readForce } from "./act-options.ts";
import { checkContracts } from "./contract-checks.ts";
import { listRollouts, type RolloutState, type ToolLife, toToolLife } from "./tool-life.ts";
import type { ToolWriter } from "./tool-writer.ts";

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

const MAX_NAMED = 1_000;
const START_KEYS = ["kind", "percent", "principals", "tenants", "roles", "salt", "force"];
const KINDS = ["canary", "shadow"] as const;

/** The rollouts of a registry. */
export function createRollouts(environment: Environment, emitter: Emitter, writer: ToolWriter): Rollouts {
  const { catalogue, clock, authorization } = environment;

  const act = async (
    { what, name, version, kind, basis, details = {} }: RolloutAct,
    apply: (tool: ToolEntry) => ToolEntry,
  ): Promise<ToolLife> => {
    const tool = requireTool(catalogue, name);
    const changed = await writer.change(
      {
        type: "rollout.changed",
        name,
        version,
        details: { act: what, ...(kind !== null && { kind }), ...details },
        apply,
        announce: () => {
          emitter.emit("rollout.changed", { name, act: what, kind, version });
        },
      },
      basis,
    );
    return toToolLife(changed ?? tool, catalogue);
  };

  const begin = (what: RolloutAct["what"], options: ActOptions, more: readonly string[] = []): ActBasis =>
    readActOptions(`rollouts.${what}`, options, { now: clock.now(), more });

  return {
    async start(ref, options) {
      const basis = begin("start", options, START_KEYS);
      const forced = readForce("rollouts.start", options.force);
      const { tool, version } = requireVersion(catalogue, ref);
      const kind = options.kind ?? "canary";
      const audience = readAudience(options, version);
      checkRoles(audience.roles, authorization.roles);
      const { percent, principals, tenants, roles } = audience;
      const details = {
        ...{ percent, principals: principals.length, tenants, roles },
        ...(forced !== null && { forced }),
      };
      return act({ what: "start", name: tool.name, version, kind, basis, details }, (current) => {
        const { base, candidate } = findBase(current, version, kind);
        const definition = base.tool.version;
        const check: ContractCheck = {
          kind: "canary",
          after: candidate.tool.version,
          before: definition.version,
          definition,
        };
        if (kind === "canary") checkContracts([check], { what: "rollouts.start", forced });
        return startRollout(current, version, { kind, audience, forced, change: basis.change });
      });
    },

    async stop(name, options = {}) {
      const basis = begin("stop", options, ["kind"]);
      const problems = toChoiceProblem("kind", options.kind, KINDS);
      if (problems.length > 0)
        throw toProblemsError("INVALID_OPTION", "rollouts.stop: options have problems.", problems);
      const kinds = options.kind === undefined ? KINDS : [options.kind];
      return act({ what: "stop", name, version: null, kind: options.kind ?? null, basis }, (tool) =>
        stopRollouts(tool, kinds, basis.change),
      );
    },

    async promote(name, options = {}) {
      const basis = begin("promote", options);
      return act({ what: "promote", name, version: null, kind: "canary", basis }, (tool) =>
        promoteCanary(tool, basis.change),
      );
    },

    async rollback(name, options = {}) {
      const basis = begin("rollback", options);
      return act({ what: "rollback", name, version: null, kind: "canary", basis }, (tool) =>
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

function readAudience(options: RolloutOptions, version: string): Audience {
  const { kind, percent, principals = [], tenants = [], roles = [], salt = version } = options;
  const problems: Problem[] = [
    ...toChoiceProblem("kind", kind, KINDS),
    ...toListProblem("principals", principals, (one) => typeof (one as AudienceMember | null)?.id === "string"),
    ...toListProblem("tenants", tenants, isText),
    ...toListProblem("roles", roles, isText),
    ...(isText(salt) ? [] : [{ path: "salt", message: `received ${toKind(salt)}, expected 1 to 256 characters` }]),
    ...toPercentProblem(percent, principals.length + tenants.length + roles.length > 0),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "rollouts.start: options have problems.", problems);
  const members = principals.map(({ id, tenant = DEFAULT_TENANT }): AudienceMember => {
    const checked = createPrincipal({ id, tenant });
    return { tenant: checked.tenant, id: checked.id };
  });
  return { percent: percent ?? 0, principals: members, tenants: [...tenants], roles: [...roles], salt };
}

/** A name that is no role would silently fit nobody. */
function checkRoles(roles: readonly string[], known: ReadonlySet<string>): void {
  const problems = roles.flatMap((role, index): readonly Problem[] => {
    if (known.has(role)) return [];
    const near = findNearest(role, known, 1)[0];
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    const message = `received ${JSON.stringify(role)}, expected one of ${[...known].join(", ")}${hint}`;
    return [{ path: `roles[${index}]`, message }];
  });
  if (problems.length > 0) throw toProblemsError("UNKNOWN_ROLE", "rollouts.start: unknown roles.", problems);
}

function toPercentProblem(percent: unknown, isNamed: boolean): readonly Problem[] {
  const message = `received ${toKind(percent)}, expected a number from 0 to 100`;
  if (percent === undefined) {
    return isNamed ? [] : [{ path: "percent", message: `${message}, or principals, tenants or roles` }];
  }
  return typeof percent === "number" && percent >= 0 && percent <= 100 ? [] : [{ path: "percent", message }];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= 256 && !value.includes("\0");
}

function toListProblem(path: string, list: unknown, isOne: (value: unknown) => boolean): readonly Problem[] {
  if (Array.isArray(list) && list.length <= MAX_NAMED && list.every(isOne)) return [];
  const received = Array.isArray(list) ? `${list.length} entries` : toKind(list);
  return [{ path, message: `received ${received}, expected an array of at most ${MAX_NAMED.toLocaleString("en")}` }];
}
