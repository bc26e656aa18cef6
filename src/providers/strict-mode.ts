// How much a provider is asked to guarantee of the arguments its model writes.
import { toChoiceProblem } from "../core/options.ts";
import { toProblemsError } from "../errors/toolyard-error.ts";
import type { ToolDescription } from "../tool/tool-version.ts";

/**
 * `off`: never strict. `prefer`: strict where the schema has a form in the provider's strict subset that takes the same
 * arguments. `require`: refuses tools whose schema has none.
 */
export type StrictMode = "off" | "prefer" | "require";

export const STRICT_MODES: readonly StrictMode[] = ["off", "prefer", "require"];

/** For all tools, or for each one. */
export type StrictOption = StrictMode | ((tool: ToolDescription) => StrictMode);

/** Throws INVALID_OPTION when `strict` is none of the modes and no function. */
export function checkStrict(what: string, strict: unknown): void {
  const problems = typeof strict === "function" ? [] : toChoiceProblem("strict", strict, STRICT_MODES);
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${what}: options have problems.`, problems);
}

/** The mode for one tool. Throws INVALID_OPTION when the function gives none. */
export function toMode(what: string, strict: StrictOption, tool: ToolDescription): StrictMode {
  if (typeof strict !== "function") return strict;
  const mode: string | undefined = strict(tool);
  const problems = toChoiceProblem(`strict(${tool.name})`, mode ?? "nothing", STRICT_MODES);
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${what}: options have problems.`, problems);
  return mode as StrictMode;
}
