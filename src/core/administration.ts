// The writing side of a registry: publishing and the life of versions. Each act is checked as a whole before anything
// changes, then audited and announced.
import { ToolyardError, toProblemsError, type Problem } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { AdministrativeAct } from "../ports/audit-sink.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { Entry } from "../registry/index.ts";
import type { AnyTool } from "../tool/definition.ts";
import { publishTool } from "../tool/publish.ts";
import type { Deprecation, PublishedTool, ToolDescription, ToolVersion } from "../tool/tool-version.ts";
import { recordAct } from "./acts.ts";
import type { Emitter } from "./events.ts";
import type { Registry } from "./registry.ts";

type PublishingAct = AdministrativeAct & `tool.${string}`;

type Administration = Pick<Registry, "register" | "unregister" | "deprecate" | "retire" | "restore"> & {
  /** `register` without the audit, for a registry that is being made. */
  publish(tools: readonly AnyTool[]): readonly Entry[];
  /** Publishes a tool of the registry's own, whose name nobody else may use. */
  publishOwn(tool: AnyTool): void;
};

const RESERVED = "toolyard.";

/** The writing side of a registry. */
export function createAdministration(environment: Environment, emitter: Emitter): Administration {
  const { catalogue } = environment;

  const announce = (act: PublishingAct, entry: Entry, details?: Deprecation): Promise<void> =>
    announceAct(environment, emitter, { act, entry, details });

  const publish = (tools: readonly AnyTool[]): readonly Entry[] => {
    const entries = catalogue.publish(toPublished(tools, environment, checkName));
    for (const entry of entries) keepRules(entry, environment);
    return entries;
  };

  return {
    publish,

    publishOwn(tool) {
      for (const entry of catalogue.publish(toPublished([tool], environment))) void announce("tool.published", entry);
    },

    async register(...tools) {
      const before = catalogue.snapshot;
      const entries = publish(tools);
      for (const entry of entries) {
        // Published before with the same content: no change.
        if (before.get(entry.tool.version.name)?.versions.includes(entry)) continue;
        await announce("tool.published", entry);
      }
      return entries.map(({ description }): ToolDescription => description);
    },

    async unregister(ref) {
      const removed = catalogue.remove(ref);
      // Permissions set for a tool must not open another one that takes its name later.
      for (const { tool } of removed.slice(0, 1)) {
        const { name } = tool.version;
        if (catalogue.snapshot.get(name) !== undefined) continue;
        environment.authorization.clearPermissions(name);
        environment.states.forget(name);
      }
      for (const entry of removed) await announce("tool.unregistered", entry);
      return removed.length > 0;
    },

    async deprecate(ref, deprecation) {
      const checked = checkDeprecation(deprecation);
      const entry = catalogue.setStatus(ref, "deprecated", checked);
      await announce("tool.deprecated", entry, checked);
    },

    async retire(ref) {
      const described = catalogue.snapshot.lookup(ref);
      const previous = described.kind === "found" ? described.entry.deprecation : null;
      await announce("tool.retired", catalogue.setStatus(ref, "retired", previous));
    },

    async restore(ref) {
      await announce("tool.restored", catalogue.setStatus(ref, "active", null));
    },
  };
}

/** Tells listeners and the audit trail. */
async function announceAct(
  environment: Environment,
  emitter: Emitter,
  { act, entry, details }: { act: PublishingAct; entry: Entry; details: Deprecation | undefined },
): Promise<void> {
  const { name, version, digest } = entry.tool.version;
  emitter.emit(act, { name, version });
  await recordAct(environment, act, name, { version, digest, details });
}

/** All definitions checked, or an error that names every problem of every one of them. */
function toPublished(
  tools: readonly AnyTool[],
  environment: Environment,
  checkOwner: (version: ToolVersion) => readonly Problem[] = () => [],
): readonly PublishedTool[] {
  const published: PublishedTool[] = [];
  const problems: Problem[] = [];
  tools.forEach((tool, index) => {
    const definition: unknown = (tool as { readonly definition?: unknown } | null | undefined)?.definition;
    if (typeof definition !== "object" || definition === null) {
      problems.push({ path: `tools[${index}]`, message: "is not a tool; expected what defineTool returns" });
      return;
    }
    const result = publishTool(tool.definition);
    if (!result.ok) {
      problems.push(...result.problems);
      return;
    }
    problems.push(...environment.authorization.checkRoles(result.tool.version));
    problems.push(...checkOwner(result.tool.version), ...checkUpstream(result.tool.version, environment));
    problems.push(...checkAttemptTime(result.tool.version, environment));
    published.push(result.tool);
  });
  if (problems.length > 0) {
    throw toProblemsError("INVALID_DEFINITION", "Tool definitions have problems; nothing was registered.", problems);
  }
  return published;
}

/** How results are shown holds for outcomes that are given again when their version is published no longer. */
function keepRules({ tool: { version } }: Entry, { resultRules }: Environment): void {
  if (version.result !== null) resultRules.set(version.digest, version.result);
}

/** Names that the registry gives to tools of its own. */
function checkName({ name }: ToolVersion): readonly Problem[] {
  if (!name.startsWith(RESERVED)) return [];
  const message = `received ${JSON.stringify(name)}; names that begin with "${RESERVED}" are the registry's own`;
  return [{ path: `${name}: name`, message }];
}

/** A deadline of an attempt that the registry's own deadline would always forestall. */
function checkAttemptTime(
  { name, version, timeoutMs: own, attemptTimeoutMs }: ToolVersion,
  { timeoutMs }: Environment,
): readonly Problem[] {
  if (attemptTimeoutMs === null || own !== null || attemptTimeoutMs <= timeoutMs) return [];
  const message = `is ${attemptTimeoutMs}, more than the registry's timeoutMs (${timeoutMs}); give the tool a timeoutMs of its own`;
  return [{ path: `${name}@${version}: attemptTimeoutMs`, message }];
}

function checkUpstream({ name, version, upstream }: ToolVersion, { states }: Environment): readonly Problem[] {
  const known = [...states.upstreams.keys()];
  if (upstream === null || known.includes(upstream)) return [];
  const near = findNearest(upstream, known, 1)[0];
  const hint = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
  const expected = known.length === 0 ? "the registry declares no upstreams" : `expected one of ${known.join(", ")}`;
  return [
    { path: `${name}@${version}: upstream`, message: `received ${JSON.stringify(upstream)}, ${expected}${hint}` },
  ];
}

function checkDeprecation(deprecation: { message: string; sunsetAt?: number; successor?: string }): Deprecation {
  const { message, sunsetAt, successor } = deprecation;
  if (typeof message !== "string" || message.length > 1_024) {
    throw new ToolyardError("INVALID_OPTION", "deprecate: message: expected a text of at most 1,024 characters");
  }
  if (sunsetAt !== undefined && !Number.isSafeInteger(sunsetAt)) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `deprecate: sunsetAt: received ${String(sunsetAt)}, expected epoch milliseconds`,
    );
  }
  return Object.freeze({ message, sunsetAt: sunsetAt ?? null, successor: successor ?? null });
}
