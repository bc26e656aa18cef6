// Definitions as a registry takes them: each checked by itself, and against what this registry has. All problems at once.
import { toProblemsError, type Problem } from "../../errors/toolyard-error.ts";
import { findNearest } from "../../kernel/nearest.ts";
import type { Environment } from "../../pipeline/environment.ts";
import type { AnyTool } from "../../tool/definition.ts";
import { type PublishedDefinition, publishTool } from "../../tool/publish.ts";
import type { PublishedTool, ToolVersion } from "../../tool/tool-version.ts";
import { RESERVED } from "./tool-writer.ts";

/** Each definition checked by itself: most of the work, and nothing of a registry is needed for it. */
export type ReadDefinitions = readonly PublishedDefinition[];

/** Reads all definitions. Never throws: what is wrong is for `checkDefinitions` to tell. */
export function readDefinitions(tools: readonly AnyTool[]): ReadDefinitions {
  return tools.map((tool, index) => {
    const definition: unknown = (tool as { readonly definition?: unknown } | null | undefined)?.definition;
    if (typeof definition === "object" && definition !== null) return publishTool(tool.definition);
    const problem = { path: `tools[${index}]`, message: "is not a tool; expected what defineTool returns" };
    return { ok: false, problems: [problem] };
  });
}

/** All definitions checked. Throws INVALID_DEFINITION that names every problem of every one of them. */
export function checkDefinitions(
  read: ReadDefinitions,
  environment: Pick<Environment, "authorization" | "states" | "timeoutMs">,
  owner: "user" | "registry",
): readonly PublishedTool[] {
  const published: PublishedTool[] = [];
  const problems: Problem[] = [];
  for (const result of read) {
    if (!result.ok) {
      problems.push(...result.problems);
      continue;
    }
    problems.push(...environment.authorization.checkRoles(result.tool.version));
    if (owner === "user") problems.push(...checkName(result.tool.version));
    problems.push(...checkUpstream(result.tool.version, environment));
    problems.push(...checkAttemptTime(result.tool.version, environment));
    published.push(result.tool);
  }
  if (problems.length > 0) {
    throw toProblemsError("INVALID_DEFINITION", "Tool definitions have problems; nothing was registered.", problems);
  }
  return published;
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
  { timeoutMs }: Pick<Environment, "timeoutMs">,
): readonly Problem[] {
  if (attemptTimeoutMs === null || own !== null || attemptTimeoutMs <= timeoutMs) return [];
  const message = `is ${attemptTimeoutMs}, more than the registry's timeoutMs (${timeoutMs}); give the tool a timeoutMs of its own`;
  return [{ path: `${name}@${version}: attemptTimeoutMs`, message }];
}

function checkUpstream(
  { name, version, upstream }: ToolVersion,
  { states }: Pick<Environment, "states">,
): readonly Problem[] {
  const known = [...states.upstreams.keys()];
  if (upstream === null || known.includes(upstream)) return [];
  const near = findNearest(upstream, known, 1)[0];
  const hint = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
  const expected = known.length === 0 ? "the registry declares no upstreams" : `expected one of ${known.join(", ")}`;
  return [
    { path: `${name}@${version}: upstream`, message: `received ${JSON.stringify(upstream)}, ${expected}${hint}` },
  ];
}
