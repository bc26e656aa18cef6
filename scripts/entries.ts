// The entries of the package: what a user imports and the source file behind it, read from `exports` of package.json,
// so that nothing has to be kept in step by hand.
import { fileURLToPath } from "node:url";
import manifest from "../package.json" with { type: "json" };

export interface Entry {
  /** What is written in an import, such as `toolyard/openai`. */
  readonly specifier: string;
  /** Path of the source file, such as `src/providers/openai/index.ts`. */
  readonly source: string;
}

/** The root of the repository, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL("../", import.meta.url));

export const ENTRIES: readonly Entry[] = Object.entries(manifest.exports).flatMap(([subpath, target]): Entry[] => {
  // `./package.json` is a file, not a module of ours.
  if (typeof target === "string") return [];
  const specifier = subpath.replace(/^\./, manifest.name);
  const source = target.default.replace(/^\.\/dist\//, "src/").replace(/\.js$/, ".ts");
  return [{ specifier, source }];
});
