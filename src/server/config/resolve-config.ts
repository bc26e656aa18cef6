// The configuration in force: flags over environment over file over defaults, and where each value came from.
import { resolve } from "node:path";
import { type Problem, toProblemsError } from "../../errors/toolyard-error.ts";
import { isPlainObject } from "../problems/index.ts";
import { checkConfig } from "./check-config.ts";
import type { ToolyardConfig } from "./config.ts";
import { listValues, setValue } from "./config-values.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { findConfig } from "./find-config.ts";
import { isOfText, readConfig } from "./load-config.ts";
import type { ReadConfig } from "./read-file.ts";

export type ConfigOrigin = "file" | "environment" | "flag" | "default";

export interface ResolveConfigOptions {
  /** The file. @default `toolyard.config.…` in `from` or the nearest folder above it */
  readonly path?: string | undefined;
  /** The working folder, absolute. */
  readonly from: string;
  /** Variables, of which `TOOLYARD_…` are read. */
  readonly env: Environment;
  /** What flags say, by path: `{ "server.port": 8080 }`. Of what is undefined nothing is said. @default nothing */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /** Makes a program be read anew, not taken from the modules that were loaded before. @default as loaded before */
  readonly version?: string | undefined;
}

export interface ResolvedConfig {
  /** What file, environment and flags say together. Defaults are filled in by what is made from it. */
  readonly config: ToolyardConfig<never>;
  /** Absolute; null: there is none. */
  readonly file: string | null;
  /** Where the value of each key came from, by path. Keys that have no value are not there. */
  readonly origins: ReadonlyMap<string, ConfigOrigin>;
}

const NO_FILE: ReadConfig = { value: {}, problems: [], locate: (path) => path };

/**
 * Reads and checks the configuration in force; without a file it is what the environment and the flags say.
 * Rejects with INVALID_CONFIG that lists every problem, those of a file with their place and those of a variable with its name.
 */
export async function resolveConfig(options: ResolveConfigOptions): Promise<ResolvedConfig> {
  const { path, from, env, overrides = {}, version } = options;
  const file = path === undefined ? findConfig(from) : resolve(from, path);
  const read = file === null ? NO_FILE : await readConfig(file, version);
  const title = `${file ?? "the configuration"}:`;
  if (read.problems.some(isOfText) || !isPlainObject(read.value))
    throw toProblemsError(
      "INVALID_CONFIG",
      title,
      [...read.problems, ...checkConfig(read.value)].filter(isOfTextOr(read)),
    );
  const given = readEnvironment(env, from, toReferenced(read.value));
  const sources = new Map<string, ConfigOrigin>();
  const variables = new Map<string, string>();
  let config: Readonly<Record<string, unknown>> = read.value;
  for (const { key, value, variable } of given.values) {
    config = setValue(config, key.keys, value);
    sources.set(key.path, "environment");
    variables.set(key.path, variable);
  }
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    config = setValue(config, name.split("."), value);
    sources.set(name, "flag");
  }
  const found = checkConfig(config).map((problem) => toPlaced(problem, read, sources, variables));
  const located = read.problems.map((problem) => ({ ...problem, path: read.locate(problem.path) }));
  const problems = [...located, ...given.problems, ...found];
  if (problems.length > 0) throw toProblemsError("INVALID_CONFIG", title, problems);
  return { config, file, origins: toOrigins(config, sources) };
}

/** Of a text that cannot be read, only what is wrong with the text. */
function isOfTextOr({ problems }: ReadConfig): (problem: Problem) => boolean {
  return (problem) => problems.length === 0 || isOfText(problem);
}

/** A problem with where it is: the variable that says so, the flag, or the place in the file. */
function toPlaced(
  problem: Problem,
  read: ReadConfig,
  sources: ReadonlyMap<string, ConfigOrigin>,
  variables: ReadonlyMap<string, string>,
): Problem {
  const path = [...sources.keys()].find(
    (known) => problem.path === known || problem.path.startsWith(`${known}[`) || problem.path.startsWith(`${known}.`),
  );
  if (path === undefined) return { ...problem, path: read.locate(problem.path) };
  return { ...problem, path: `${problem.path} (${variables.get(path) ?? "flag"})` };
}

function toOrigins(
  config: Readonly<Record<string, unknown>>,
  sources: ReadonlyMap<string, ConfigOrigin>,
): ReadonlyMap<string, ConfigOrigin> {
  const origins = new Map<string, ConfigOrigin>();
  for (const { key, value, isGiven } of listValues(config)) {
    if (value === undefined) continue;
    // A flag may give a whole section.
    const above = key.keys.map((_, at) => key.keys.slice(0, key.keys.length - at).join("."));
    const source = above.map((path) => sources.get(path)).find((origin) => origin !== undefined);
    origins.set(key.path, isGiven ? (source ?? "file") : "default");
  }
  return origins;
}

/** Variables that the configuration refers to, wherever in its data. */
function toReferenced(value: unknown, depth = 0): ReadonlySet<string> {
  if (typeof value === "string") return new Set(value.startsWith("env:") ? [value.slice(4)] : []);
  if (depth > 16 || !(Array.isArray(value) || isPlainObject(value))) return new Set();
  const entries = Object.entries(value).flatMap(([key, member]) => [
    ...toReferenced(key),
    ...toReferenced(member, depth + 1),
  ]);
  return new Set(entries);
}
