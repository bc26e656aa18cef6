// Loads a configuration file. Where it is a program, it is code of the project and runs with all its rights; what can go wrong is
// told in terms of the file, and what Node threw is the `cause`.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { toProblemsError } from "../../errors/toolyard-error.ts";
import { checkConfig } from "./check-config.ts";
import type { ToolyardConfig } from "./config.ts";
import { findConfig } from "./find-config.ts";
import { describeImportError } from "./import-error.ts";
import { isProgram, type ReadConfig, readDataFile, toInvalid } from "./read-file.ts";

export interface LoadedConfig {
  readonly config: ToolyardConfig<never>;
  /** Where it was, absolute. */
  readonly file: string;
}

/**
 * Loads and checks a configuration.
 * @param path the file; when left out, `toolyard.config.ts`, `.mts`, `.js`, `.mjs`, `.yaml`, `.yml` or `.json` in `from` or the
 * nearest folder above it
 * @param from the working folder. Default: that of the process
 * @returns null when no path was given and no file was found
 * Rejects with INVALID_CONFIG that lists every problem.
 */
export async function loadConfig(path?: string, from: string = process.cwd()): Promise<LoadedConfig | null> {
  const file = path === undefined ? findConfig(from) : resolve(from, path);
  if (file === null) return null;
  const { value, problems, locate } = await readConfig(file);
  const all = [...problems, ...(problems.some(isOfText) ? [] : checkConfig(value))];
  if (all.length === 0) return { config: value as ToolyardConfig<never>, file };
  const placed = all.map((problem) => ({ ...problem, path: locate(problem.path) }));
  throw toProblemsError("INVALID_CONFIG", `${file}:`, placed);
}

/** Whether it is of the text of a file: then there is nothing more to check. */
export function isOfText({ path }: { readonly path: string }): boolean {
  return path === "the text" || path.startsWith("line ");
}

/**
 * What is in a configuration file, unchecked.
 * @param version makes a program be read anew, not taken from the modules that were loaded before
 * Rejects with INVALID_CONFIG.
 */
export async function readConfig(file: string, version?: string): Promise<ReadConfig> {
  if (!isProgram(file)) return readDataFile(file);
  return { value: await importDefault(file, version), problems: [], locate: (path) => path };
}

async function importDefault(file: string, version: string | undefined): Promise<unknown> {
  const url = pathToFileURL(file);
  if (version !== undefined) url.searchParams.set("version", version);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(url.href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw toInvalid(describeImportError(file, error), error);
  }
  if (Object.hasOwn(module, "default")) return module["default"];
  const exported = Object.keys(module);
  const received = exported.length === 0 ? "no export" : `the exports ${exported.join(", ")}`;
  throw toInvalid(
    `${file}: received ${received}, expected a default export: export default defineConfig({ tools: [ … ] })`,
  );
}
