// `registry.check`: finds before the first call what only compiling and trying shows.
import type { Problem } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { Snapshot } from "../registry/snapshot.ts";
import { checkExamples } from "../tool/publish.ts";
import type { PublishedTool, ToolVersion } from "../tool/tool-version.ts";
import { listUnusable } from "./catalogue/revive.ts";
import type { Registry } from "./registry.ts";

/** The tool that stands in for another: whether there is one, and whether it comes back to where it began. */
function checkFallback({ version }: PublishedTool, snapshot: Snapshot): readonly Problem[] {
  const path = `${version.name}@${version.version}: fallback.tool`;
  const seen = [version];
  for (let current: ToolVersion = version; current.fallback?.kind === "tool";) {
    const found = snapshot.lookup(current.fallback.tool);
    if (found.kind !== "found") {
      if (current !== version) return [];
      return [
        { path, message: `received ${JSON.stringify(current.fallback.tool)}, which no published tool answers to` },
      ];
    }
    current = found.entry.tool.version;
    if (current === version) {
      const way = [...seen, version].map(({ name }) => name).join(", ");
      return [{ path, message: `leads back to the tool itself: ${way}; one of them has to answer by itself` }];
    }
    if (seen.includes(current)) return [];
    seen.push(current);
  }
  return [];
}

/** Compiles the schemas of every version and validates its examples. */
export function createCheck(environment: Environment): Registry["check"] {
  return async () => {
    const problems: Problem[] = [...listUnusable(environment)];
    const { catalogue } = environment;
    let checked = 0;
    for (const { versions } of catalogue.snapshot.tools) {
      for (const { tool } of versions) {
        problems.push(...(await checkExamples(tool)), ...checkFallback(tool, catalogue.snapshot));
        checked++;
      }
    }
    return { ok: problems.length === 0, checked, problems };
  };
}
