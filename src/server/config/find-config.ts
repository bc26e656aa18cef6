// Where the configuration is: in the working folder or the nearest folder above that has one.
import { statSync } from "node:fs";
import { dirname, join } from "node:path";

/** File names that are looked for, in this order. */
export const CONFIG_FILES: readonly string[] = Object.freeze([
  "toolyard.config.ts",
  "toolyard.config.mts",
  "toolyard.config.js",
  "toolyard.config.mjs",
  "toolyard.config.yaml",
  "toolyard.config.yml",
  "toolyard.config.json",
]);

/** The configuration file of `folder`, an absolute path, or of the nearest folder above it; null when there is none. */
export function findConfig(folder: string): string | null {
  for (let here = folder; ; here = dirname(here)) {
    const found = findConfigIn(here);
    if (found !== null || dirname(here) === here) return found;
  }
}

/** The configuration file in `folder` itself; null when there is none. */
export function findConfigIn(folder: string): string | null {
  for (const name of CONFIG_FILES) {
    const path = join(folder, name);
    // A folder of that name is found too, so that it is reported rather than passed over.
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path;
  }
  return null;
}
