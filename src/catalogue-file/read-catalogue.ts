// Reads a catalogue file: everything that is wrong with it is told at once, each with its line.
import { ToolyardError, toProblemsError } from "../errors/toolyard-error.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { SettingKind } from "../ports/setting-store.ts";
import {
  CATALOGUE_FORMAT,
  CATALOGUE_VERSION,
  type CatalogueDocument,
  SETTING_SECTIONS,
  type ToolDocument,
} from "./catalogue-document.ts";
import { createDocumentReader, type DocumentReader } from "./document-reader.ts";
import { type ParsedYaml, parseYaml, type Path, type PathProblem, toJson, type YamlData } from "./parse-yaml.ts";
import { readToolDocument } from "./read-tool.ts";

/** A catalogue of ten thousand plain tools has 10 MB. Parsed, a text takes a hundred times its size. */
export const MAX_CATALOGUE_BYTES: number = 16 * 1_048_576;

export interface ReadCatalogue {
  readonly document: CatalogueDocument;
  /** What to throw for what is wrong with parts of the file. */
  toError(problems: readonly PathProblem[]): ToolyardError;
}

/** Reads the text of the file `name`. Throws INVALID_CONFIG that lists everything that is wrong. */
export function readCatalogue(text: string, name: string): ReadCatalogue {
  if (text.length > MAX_CATALOGUE_BYTES) {
    throw new ToolyardError(
      "INVALID_CONFIG",
      `${name}: has more than ${MAX_CATALOGUE_BYTES.toLocaleString("en-US")} bytes`,
    );
  }
  const parsed = parseYaml(text);
  if (parsed.problems.length > 0) {
    const lines = parsed.problems.map(({ line, column, message }) => ({ path: `${name}:${line}:${column}`, message }));
    throw toProblemsError("INVALID_CONFIG", `${name} cannot be read; nothing was changed.`, lines);
  }
  const toError = (problems: readonly PathProblem[]): ToolyardError => toPlacedError(problems, parsed, name);
  const reader = createDocumentReader();
  const document = readDocument(reader, parsed.value);
  if (reader.problems.length > 0) throw toError(reader.problems);
  return { document, toError };
}

function toPlacedError(problems: readonly PathProblem[], { locate }: ParsedYaml, name: string): ToolyardError {
  const placed = problems.map(({ path, message }) => {
    const { line, column } = locate(path);
    return { line, problem: { path: `${name}:${line}:${column}`, message: `${toText(path)} ${message}`.trim() } };
  });
  const sorted = placed.toSorted((a, b) => a.line - b.line).map(({ problem }) => problem);
  return toProblemsError("INVALID_CONFIG", `${name} cannot be imported; nothing was changed.`, sorted);
}

/** `tools.orders.get.versions.1.0.0` would not say where a name ends. */
function toText(path: Path): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(" › ");
}

function readDocument(reader: DocumentReader, value: YamlData): CatalogueDocument {
  const fields = reader.fields(value, [], ["format", "version", "tools", "settings", "secrets"]);
  const format = fields.get("format");
  if (format !== CATALOGUE_FORMAT) {
    reader.refuse(
      ["format"],
      `is not there or another; expected format: ${CATALOGUE_FORMAT}, as toolyard export writes it`,
    );
    return { tools: new Map(), settings: new Map(), secrets: [] };
  }
  if (fields.get("version") !== CATALOGUE_VERSION)
    reader.refuse(
      ["version"],
      `received ${JSON.stringify(fields.get("version") ?? null)}, expected ${CATALOGUE_VERSION}; a newer Toolyard may have written it`,
    );
  const tools = new Map<string, ToolDocument>();
  for (const [name, tool] of reader.names(fields.get("tools"), ["tools"]))
    tools.set(name, readToolDocument(reader, name, tool, ["tools", name]));
  return {
    tools,
    settings: readSettings(reader, fields.get("settings")),
    secrets: readSecrets(reader, fields.get("secrets")),
  };
}

function readSettings(
  reader: DocumentReader,
  value: YamlData | undefined,
): ReadonlyMap<SettingKind, ReadonlyMap<string, JsonValue>> {
  const fields = reader.fields(
    value,
    ["settings"],
    SETTING_SECTIONS.map(({ section }) => section),
  );
  return new Map(
    SETTING_SECTIONS.map(({ kind, section, parts }) => {
      const bodies = new Map<string, JsonValue>();
      collect(reader, fields.get(section), ["settings", section], parts.length, "", bodies);
      return [kind, bodies] as const;
    }),
  );
}

/** Bodies that are `depth` names down. */
function collect(
  reader: DocumentReader,
  value: YamlData | undefined,
  path: Path,
  depth: number,
  prefix: string,
  bodies: Map<string, JsonValue>,
): void {
  for (const [name, child] of reader.names(value, path)) {
    const at = [...path, name];
    if (name === "" || name.includes("\0") || !name.isWellFormed())
      reader.refuse(at, "is no name: it is empty, or holds what no name holds");
    else if (depth > 1) collect(reader, child, at, depth - 1, `${prefix}${name}\0`, bodies);
    else if (child instanceof Map) bodies.set(`${prefix}${name}`, toJson(child));
    else reader.refuse(at, "is no map");
  }
}

function readSecrets(reader: DocumentReader, value: YamlData | undefined): readonly string[] {
  return reader.list(value, ["secrets"]).flatMap((item, index) => {
    if (item instanceof Map) {
      // What is here is committed, mailed and pasted.
      reader.refuse(
        ["secrets", index],
        "is no name; values of secrets have no place in a file, set them with toolyard secrets set",
      );
      return [];
    }
    return reader.text(item, ["secrets", index]) ?? [];
  });
}
