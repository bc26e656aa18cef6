// A published definition in a file of JSON or YAML: what `toolyard tools --json` printed, or one definition of it.
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseToolRef, readToolVersion, type ToolVersion } from "../../index.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { parseJson } from "../../kernel/parse-json.ts";
import { CliError } from "../cli-error.ts";

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_DEPTH = 256;
const MAX_ALIASES = 100;
const MAX_SHOWN = 8;
const FRAGMENT = /^(.*\.(?:json|ya?ml))#(.*)$/is;
const FILE = /\.(?:json|ya?ml)(?:#|$)|[\\/]/i;

/** Whether `given` names a file, rather than a tool. */
export function isFileName(given: string): boolean {
  return FILE.test(given);
}

/** What is in a file, before it is known which tool is meant. */
export interface VersionFile {
  readonly path: string;
  /** The tool that is named after the file, or the only one in it; null: neither. */
  readonly tool: string | null;
  readonly definitions: readonly unknown[];
}

/** Reads the file `given`, which may end in `#` and the tool that is meant. Throws a CliError. */
export async function readVersionFile(given: string, cwd: string): Promise<VersionFile> {
  const [, path = given, named] = FRAGMENT.exec(given) ?? [];
  const data = await parseText(await readText(resolve(cwd, path), path), path);
  const definitions: readonly unknown[] = Array.isArray(data) ? data : [data];
  return { path, tool: named ?? (definitions.length === 1 ? toName(definitions[0]) : null), definitions };
}

/** The definition that is meant. `wanted`: the tool that is meant when the file does not say; null: none. Throws a CliError. */
export function toFileVersion({ path, tool, definitions }: VersionFile, wanted: string | null): ToolVersion {
  const read = readToolVersion(
    definitions.length === 1 && tool === toName(definitions[0])
      ? definitions[0]
      : choose(definitions, path, tool ?? wanted),
  );
  if (read.ok) return read.version;
  const lines = read.problems.slice(0, MAX_SHOWN).map((problem) => `  ${problem.path}: ${problem.message}`);
  const left = read.problems.length - lines.length;
  throw new CliError(
    `${path} is no published definition:\n${lines.join("\n")}${left > 0 ? `\n  and ${left} more` : ""}`,
  );
}

async function readText(path: string, given: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new CliError(`${given} has more than ${MAX_BYTES.toLocaleString("en-US")} bytes`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : (error as Error).message;
    throw new CliError(`${given}: ${reason}; expected a file of JSON or YAML, or a tool such as orders.get@1.2.0`, {
      cause: error,
    });
  }
}

async function parseText(text: string, path: string): Promise<unknown> {
  if (/\.ya?ml$/i.test(path)) return parseYaml(text, path);
  const parsed = parseJson(text, { maxDepth: MAX_DEPTH, maxBytes: MAX_BYTES });
  if (parsed.ok) return parsed.value;
  throw new CliError(`${path} is not JSON: ${parsed.message}`);
}

async function parseYaml(text: string, path: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, schema: "core", prettyErrors: true }) as unknown;
  } catch (error) {
    throw new CliError(`${path} is not YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** The definition that is meant. */
function choose(definitions: readonly unknown[], path: string, wanted: string | null): unknown {
  if (wanted === null) {
    const names = definitions.slice(0, MAX_SHOWN).map(toName).join(", ");
    throw new CliError(
      `${path} has ${definitions.length} definitions; say which one: ${path}#${toName(definitions[0])} (there are ${names})`,
    );
  }
  const parsed = parseToolRef(wanted);
  if (!parsed.ok) throw new CliError(`${path}: ${parsed.message}`);
  const { ref } = parsed;
  const found = definitions.filter(
    (one) => toName(one) === ref.name && (ref.kind !== "exact" || toField(one, "version") === ref.version),
  );
  if (found.length === 1 && (ref.kind === "exact" || ref.kind === "latest")) return found[0];
  if (found.length > 1)
    throw new CliError(
      `${path} has ${found.length} versions of ${ref.name}; say which one: ${path}#${ref.name}@${toField(found[0], "version")}`,
    );
  const near = findNearest(ref.name, definitions.map(toName), 1)[0];
  const hint = near === undefined ? "" : `; did you mean ${path}#${near}?`;
  throw new CliError(`${path} has no ${wanted}${hint}`);
}

function toName(definition: unknown): string {
  return toField(definition, "name");
}

function toField(definition: unknown, field: "name" | "version"): string {
  const value = (definition as Readonly<Record<string, unknown>> | null)?.[field];
  return typeof value === "string" ? value : "(unnamed)";
}
