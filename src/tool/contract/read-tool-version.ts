// A published definition out of a file: plain data in, the same version out, checked as if it were being published again.
// So nothing that a registry would refuse is ever compared, whoever wrote the file.
import type { Problem } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { publishTool } from "../publish.ts";
import { describeValue } from "../schema/describe-value.ts";
import type { ToolVersion } from "../tool-version.ts";
import { FIELDS, READ, toWrittenDefinition } from "./written-definition.ts";

export type ReadToolVersion =
  | { readonly ok: true; readonly version: ToolVersion }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What the description of a tool has besides its version. */
const IGNORED = ["status", "deprecation", "breakerState"];
const MAX_UNKNOWN = 20;
/**
 * The version that `data` describes, as `registry.get` and `toolyard tools --json` give it. What is left out has its default;
 * name, version, description and inputSchema have to be there. The digest is computed again. Never throws.
 */
export function readToolVersion(data: unknown): ReadToolVersion {
  if (!isObject(data)) {
    const message = `received ${describeValue(data)}, expected a published definition: an object with name, version and inputSchema`;
    return { ok: false, problems: [{ path: "definition", message }] };
  }
  const problems = [...findUnknown(data)];
  if (data["inputSchema"] === undefined)
    problems.push({ path: "inputSchema", message: "is missing; toolyard tools --json prints definitions with it" });
  const published = publishTool(toWrittenDefinition(data));
  if (!published.ok) problems.push(...published.problems.map(toReadProblem));
  if (problems.length > 0 || !published.ok) return { ok: false, problems };
  return { ok: true, version: published.tool.version };
}

function findUnknown(data: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.keys(data)
    .filter((field) => !FIELDS.includes(field) && !IGNORED.includes(field))
    .slice(0, MAX_UNKNOWN)
    .map((field) => {
      const near = findNearest(READ.get(field) ?? field, FIELDS, 1)[0];
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      return { path: field.slice(0, 64), message: `is no field of a published definition${hint}` };
    });
}

function toReadProblem({ path, message }: Problem): Problem {
  return {
    path: path.replace(
      /(^|: )(input|output|status)\b/,
      (_all, lead: string, field: string) => `${lead}${READ.get(field) ?? field}`,
    ),
    message,
  };
}
