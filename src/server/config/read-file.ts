// What is in a configuration file, whatever its form, and what is wrong with it.
import { readFileSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { type Problem, ToolyardError } from "../../errors/toolyard-error.ts";
import { isPlainObject } from "../problems/index.ts";
import { CODE_KEYS } from "./config-schema.ts";
import { CONFIG_FILES, findConfigIn } from "./find-config.ts";

export interface ReadConfig {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** A path with its place in the file, where that is known. */
  locate(path: string): string;
}

const CODE: readonly string[] = [".ts", ".mts", ".js", ".mjs"];
const DATA: readonly string[] = [".yaml", ".yml", ".json"];

/** Whether a file of this name is a program. Throws INVALID_CONFIG for what is no configuration at all. */
export function isProgram(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined)
    throw toInvalid(`${file}: there is no such file; expected a configuration such as ${CONFIG_FILES[0]}`);
  if (stats.isDirectory()) {
    const inside = findConfigIn(file);
    throw toInvalid(
      `${file}: is a folder, expected a file${inside === null ? ` such as ${CONFIG_FILES[0]}` : `; did you mean ${inside}?`}`,
    );
  }
  const extension = extname(file);
  if (CODE.includes(extension)) return true;
  if (DATA.includes(extension)) return false;
  const accepted = [...CODE, ...DATA].join(", ");
  throw toInvalid(`${file}: received the extension ${JSON.stringify(extension)}, expected ${accepted}`);
}

/** Reads a YAML or JSON file. Throws INVALID_CONFIG when it cannot be read. */
export async function readDataFile(file: string): Promise<ReadConfig> {
  // Most configurations are programs, and most commands read one.
  const { parseData } = await import("./parse-data.ts");
  const { value, problems, locate } = parseData(readText(file), file.endsWith(".json") ? "json" : "yaml");
  // A file of comments alone says nothing, which is fine.
  const config = value === null && problems.length === 0 ? {} : value;
  if (problems.length > 0 || !isPlainObject(config)) return { value: config, problems, locate: (path) => path };
  const code = CODE_KEYS.filter((key) => Object.hasOwn(config, key));
  return {
    value: Object.fromEntries(Object.entries(config).filter(([key]) => !code.includes(key))),
    problems: code.map((key) => ({ path: key, message: toCodeMessage(key, file) })),
    locate: (path) => `${path} (${locate(path)})`,
  };
}

function toCodeMessage(key: string, file: string): string {
  const instead = key === "tools" ? ", or describe tools over HTTP under `httpTools`" : "";
  return `is code, which ${basename(file)} cannot hold; write it in a ${CONFIG_FILES[0]}${instead}`;
}

function readText(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw toInvalid(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

export function toInvalid(message: string, cause?: unknown): ToolyardError {
  return new ToolyardError("INVALID_CONFIG", message, { cause });
}
