// `registry.check`: finds before the first call what only compiling and trying shows.
import type { Problem } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import { checkExamples } from "../tool/publish.ts";
import type { Registry } from "./registry.ts";

/** Compiles the schemas of every version and validates its examples. */
export function createCheck({ catalogue }: Environment): Registry["check"] {
  return async () => {
    const problems: Problem[] = [];
    let checked = 0;
    for (const { versions } of catalogue.snapshot.tools) {
      for (const { tool } of versions) {
        problems.push(...(await checkExamples(tool)));
        checked++;
      }
    }
    return { ok: problems.length === 0, checked, problems };
  };
}
