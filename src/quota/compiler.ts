// Puts the registry's limits and a tool's own together, once per version. Versions without limits of their own share one
// object, unless the registry keeps something per tool.
import type { ToolVersion } from "../tool/tool-version.ts";
import {
  compileConcurrency,
  compileLimit,
  compileOwnConcurrency,
  compileOwnLimit,
  isPerTool,
} from "./compiled-limit.ts";
import type { Limiter, LimiterOptions } from "./limiter.ts";
import type { Overrides } from "./overrides.ts";
import { CompiledToolLimits } from "./tool-limits.ts";

/** Makes `compile` and `shared` of a limiter. */
export function createCompiler(
  { limits, concurrency, isRole }: Pick<LimiterOptions, "limits" | "concurrency" | "isRole">,
  overrides: Overrides,
): Pick<Limiter, "compile" | "shared"> {
  const toolless = {
    limits: limits.filter((limit) => !isPerTool(limit)),
    concurrency: concurrency.filter((limit) => !isPerTool(limit)),
  };
  const anyPerTool = toolless.limits.length < limits.length || toolless.concurrency.length < concurrency.length;
  const shared = new CompiledToolLimits(
    toolless.limits.map((limit) => compileLimit(limit, "")),
    toolless.concurrency.map((limit) => compileConcurrency(limit, "")),
    isRole,
    overrides,
  );
  const compiled = new WeakMap<ToolVersion, CompiledToolLimits>();
  return {
    shared,
    compile(tool) {
      if (!anyPerTool && tool.limits.length === 0 && tool.concurrency.length === 0) return shared;
      const known = compiled.get(tool);
      if (known !== undefined) return known;
      const { name } = tool;
      const made = new CompiledToolLimits(
        [
          ...limits.map((limit) => compileLimit(limit, name)),
          ...tool.limits.map((limit) => compileOwnLimit(limit, name)),
        ],
        [
          ...concurrency.map((limit) => compileConcurrency(limit, name)),
          ...tool.concurrency.map((limit) => compileOwnConcurrency(limit, name)),
        ],
        isRole,
        overrides,
      );
      compiled.set(tool, made);
      return made;
    },
  };
}
