// One tool version compiled for execution: what can be decided before a call is decided here. A plan belongs to one
// entry of the catalogue and one epoch of the authorisation and of the limits, and is made at the first call that needs it.
import type { Outcome, Warning } from "../call/outcome.ts";
import type { ToolAccess } from "../authz/index.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Meter } from "../metering/index.ts";
import type { ToolLimits } from "../quota/index.ts";
import type { CallMark, Entry } from "../registry/index.ts";
import type { PublishedTool, ToolVersion } from "../tool/tool-version.ts";
import type { Call } from "./call.ts";
import type { Environment } from "./environment.ts";
import { composeAttempt } from "./layers/compose.ts";
import type { Run } from "./layers/layer.ts";
import { composeInvoke } from "./layers/run-handler.ts";

/** One step of the walk: an outcome ends it, `undefined` goes on. */
export type Stage = (call: Call, plan: Plan) => MaybePromise<Outcome | undefined>;

export interface Plan {
  readonly environment: Environment;
  readonly entry: Entry;
  readonly tool: PublishedTool;
  readonly version: ToolVersion;
  /** Whether a call may leave an effect behind. */
  readonly writes: boolean;
  /** Part of every outcome: that the version is deprecated. */
  readonly warnings: readonly Warning[];
  readonly access: ToolAccess;
  readonly limits: ToolLimits;
  readonly timeoutMs: number;
  readonly meter: Meter;
  /** Whether the version was called before. */
  readonly mark: CallMark;
  /** A stage whose concern no part of the registry has; null is absent, not skipped by a check of its own. */
  readonly approve: Stage | null;
  /** Runs the handler inside its layers. */
  readonly attempt: Run;
  /** Runs the handler inside the users' hooks: one attempt. Gives the output, or throws what the handler threw. */
  readonly invoke: ReturnType<typeof composeInvoke>;
  readonly epoch: number;
  readonly limitsEpoch: number;
}

const NO_WARNINGS: readonly Warning[] = Object.freeze([]);

/** The plan of `entry`, compiled at the first call and after every change of roles, grants, permissions or limits. */
export function toPlan(entry: Entry, environment: Environment): Plan {
  const known = environment.plans.get(entry);
  const { authorization, limiter } = environment;
  if (known !== undefined && known.epoch === authorization.epoch && known.limitsEpoch === limiter.epoch) return known;
  const plan = compilePlan(entry, environment);
  environment.plans.set(entry, plan);
  return plan;
}

/** Who may see and call `entry`, compiled at the first question and after every change of roles, grants or permissions. */
export function toAccess(entry: Entry, environment: Environment): ToolAccess {
  const { epoch } = environment.authorization;
  const known = environment.accesses.get(entry);
  if (known !== undefined && known.epoch === epoch) return known.access;
  const access = environment.authorization.compile(entry.tool.version);
  environment.accesses.set(entry, { epoch, access });
  return access;
}

function compilePlan(entry: Entry, environment: Environment): Plan {
  const { tool } = entry;
  const { version } = tool;
  return {
    environment,
    entry,
    tool,
    version,
    writes: version.effect !== "read",
    warnings: entry.status === "deprecated" ? [toWarning(entry)] : NO_WARNINGS,
    access: toAccess(entry, environment),
    limits: environment.limiter.compile(version),
    timeoutMs: version.timeoutMs ?? environment.timeoutMs,
    meter: environment.metering.meter(version.name, version.version),
    mark: environment.catalogue.marks.of(tool, entry.calledAt),
    approve: null,
    attempt: composeAttempt(tool, environment),
    invoke: composeInvoke(environment.hooks.aroundAttempt),
    epoch: environment.authorization.epoch,
    limitsEpoch: environment.limiter.epoch,
  };
}

function toWarning({ tool, deprecation }: Entry): Warning {
  const { name, version } = tool.version;
  const sunsetAt = deprecation?.sunsetAt ?? null;
  const until = sunsetAt === null ? "" : ` It will be retired on ${new Date(sunsetAt).toISOString().slice(0, 10)}.`;
  const successor = deprecation?.successor ?? null;
  const instead = successor === null ? "" : ` Use ${successor}.`;
  const why = deprecation === null || deprecation.message === "" ? "" : ` ${deprecation.message}`;
  return Object.freeze({
    code: "DEPRECATED",
    message: `${name}@${version} is deprecated.${why}${until}${instead}`,
    sunsetAt,
  });
}
