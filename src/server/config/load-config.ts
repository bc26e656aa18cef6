// Loads a configuration file. It is code of the project and runs with all its rights; what can go wrong is told in terms
// of the file, and what Node threw is the `cause`.
import { statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ToolyardError, toProblemsError } from "../../errors/toolyard-error.ts";
import { checkConfig } from "./check-config.ts";
import type { ToolyardConfig } from "./config.ts";
import { CONFIG_FILES, findConfig, findConfigIn } from "./find-config.ts";
import { describeImportError } from "./import-error.ts";

export interface LoadedConfig {
  readonly config: ToolyardConfig<never>;
  /** Where it was, absolute. */
  readonly file: string;
}

const EXTENSIONS: readonly string[] = [".ts", ".mts", ".js", ".mjs"];

/**
 * Loads and checks a configuration.
 * @param path the file; when left out, `toolyard.config.ts`, `.js` or `.mjs` in `from` or the nearest folder above it
 * @param from the working folder. Default: that of the process
 * @returns null when no path was given and no file was found
 * Rejects with INVALID_CONFIG that lists every problem.
 */
export async function loadConfig(path?: string, from: string = process.cwd()): Promise<LoadedConfig | null> {
  const file = path === undefined ? findConfig(from) : resolve(from, path);
  if (file === null) return null;
  assertFile(file);
  const config = await importDefault(file);
  const problems = checkConfig(config);
  if (problems.length > 0) throw toProblemsError("INVALID_CONFIG", `${file}:`, problems);
  return { config: config as ToolyardConfig<never>, file };
}

function assertFile(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined)
    throw invalid(`${file}: there is no such file; expected a configuration such as ${CONFIG_FILES[0]}`);
  if (stats.isDirectory()) {
    const inside = findConfigIn(file);
    throw invalid(
      `${file}: is a folder, expected a file${inside === null ? ` such as ${CONFIG_FILES[0]}` : `; did you mean ${inside}?`}`,
    );
  }
  if (!EXTENSIONS.includes(extname(file))) {
    throw invalid(
      `${file}: received the extension ${JSON.stringify(extname(file))}, expected ${EXTENSIONS.join(", ")}`,
    );
  }
}

async function importDefault(file: string): Promise<unknown> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw invalid(describeImportError(file, error), error);
  }
  if (Object.hasOwn(module, "default")) return module["default"];
  const exported = Object.keys(module);
  const received = exported.length === 0 ? "no export" : `the exports ${exported.join(", ")}`;
  throw invalid(
    `${file}: received ${received}, expected a default export: export default defineConfig({ tools: [ … ] })`,
  );
}

function invalid(message: string, cause?: unknown): ToolyardError {
  return new ToolyardError("INVALID_CONFIG", message, { cause });
}
