// Reads one tool of a file.
import semver from "semver";
import { toDigest } from "../kernel/canonical-json.ts";
import { isObject, type JsonObject, type JsonValue } from "../kernel/json.ts";
import { CODE, SOURCE_KIND } from "../tool/source.ts";
import { parseToolRef } from "../tool/tool-ref.ts";
import type { Status } from "../tool/tool-version.ts";
import type { ToolDocument, VersionDocument } from "./catalogue-document.ts";
import { DEFINITION_KEYS, REQUIRED_KEYS, toWholeDefinition } from "./definition-fields.ts";
import type { DocumentReader } from "./document-reader.ts";
import { type Path, toJson, type YamlData } from "./parse-yaml.ts";
import { readSteering, STEERING_KEYS } from "./read-steering.ts";

const STATUSES: readonly Status[] = ["staged", "active", "deprecated", "retired"];
const VERSION_KEYS = ["status", "deprecation", "source", "digest", "definition"];
/** Tools that the registry makes itself. */
const RESERVED = "toolyard.";

/** The tool at `path`; what is wrong with it is told to `reader`. */
export function readToolDocument(reader: DocumentReader, name: string, value: YamlData, path: Path): ToolDocument {
  const ref = parseToolRef(name);
  if (!ref.ok || ref.ref.kind !== "latest")
    reader.refuse(path, `is no name of a tool; expected one such as orders.get`);
  else if (name.startsWith(RESERVED)) reader.refuse(path, `is a name of the registry's own tools (${RESERVED}…)`);
  const fields = reader.fields(value, path, [...STEERING_KEYS, "versions"], ["versions"]);
  const versions = new Map<string, VersionDocument>();
  for (const [version, document] of reader.names(fields.get("versions"), [...path, "versions"])) {
    const at = [...path, "versions", version];
    if (semver.valid(version) === version) versions.set(version, readVersion(reader, { name, version }, document, at));
    else reader.refuse(at, `is no version; expected one such as ${toNearVersion(version)}`);
  }
  return { versions, steering: readSteering(reader, fields, path) };
}

function toNearVersion(received: string): string {
  return semver.coerce(received)?.version ?? "1.0.0";
}

function readVersion(
  reader: DocumentReader,
  tool: { readonly name: string; readonly version: string },
  value: YamlData,
  path: Path,
): VersionDocument {
  const fields = reader.fields(value, path, VERSION_KEYS, ["status", "definition"]);
  const status = reader.choice(fields.get("status"), [...path, "status"], STATUSES) ?? "active";
  const deprecation = readDeprecation(reader, fields.get("deprecation"), [...path, "deprecation"]);
  if (status === "deprecated" && deprecation === null && fields.get("deprecation") === undefined)
    reader.refuse(path, "is deprecated without a deprecation: { message }");
  const shown = readDefinition(reader, tool, fields.get("definition"), [...path, "definition"]);
  const source = readSource(reader, fields.get("source"), shown, path);
  const { definition, digest } = readDigest(reader, fields.get("digest"), shown, path);
  return { status, deprecation, digest, source, definition };
}

function readDefinition(
  reader: DocumentReader,
  { name, version }: { readonly name: string; readonly version: string },
  value: YamlData | undefined,
  path: Path,
): JsonObject {
  const fields = reader.fields(value, path, DEFINITION_KEYS, value === undefined ? [] : REQUIRED_KEYS);
  reader.text(fields.get("description"), [...path, "description"]);
  return { name, version, ...(toJson(fields) as JsonObject) };
}

/** What the definition is made of; what stands beside it says the same. */
function readSource(reader: DocumentReader, value: YamlData | undefined, shown: JsonObject, path: Path): string {
  const { source } = shown;
  const kind = source === undefined ? CODE : toSourceKind(source);
  if (kind === null) {
    reader.refuse([...path, "definition", "source"], "is no source; expected { kind: http, data: { … } }");
    return CODE;
  }
  const given = reader.text(value, [...path, "source"]);
  if (given !== null && given !== kind) {
    const hint = source === undefined ? "the definition has no source" : `the definition is made of ${kind}`;
    reader.refuse([...path, "source"], `received ${JSON.stringify(given.slice(0, 80))}, expected ${kind}: ${hint}`);
  }
  return kind;
}

function toSourceKind(source: JsonValue): string | null {
  const { kind, data, ...more } = isObject(source) ? source : {};
  if (typeof kind !== "string" || !SOURCE_KIND.test(kind) || kind === CODE) return null;
  return isObject(data) && Object.keys(more).length === 0 ? kind : null;
}

/** A definition is what its digest says: one that was changed is another version. */
function readDigest(
  reader: DocumentReader,
  value: YamlData | undefined,
  shown: JsonObject,
  path: Path,
): Pick<VersionDocument, "definition" | "digest"> {
  const given = reader.text(value, [...path, "digest"]);
  try {
    const definition = toWholeDefinition(shown, given);
    const digest = toDigest(definition);
    if (given !== null && given !== digest) {
      const message =
        "is not that of the definition, which was changed; write another version for it, without a digest";
      reader.refuse([...path, "digest"], message);
    }
    return { definition, digest };
  } catch {
    reader.refuse([...path, "definition"], "holds text that is not Unicode (half of a surrogate pair); remove it");
    return { definition: shown, digest: "" };
  }
}

function readDeprecation(reader: DocumentReader, value: YamlData | undefined, path: Path): JsonObject | null {
  if (value === undefined || value === null) return null;
  const fields = reader.fields(value, path, ["message", "sunsetAt", "successor"], ["message"]);
  return {
    message: reader.text(fields.get("message"), [...path, "message"]) ?? "",
    sunsetAt: readTime(reader, fields.get("sunsetAt"), [...path, "sunsetAt"]),
    successor: readSuccessor(reader, fields.get("successor"), [...path, "successor"]),
  };
}

function readTime(reader: DocumentReader, value: YamlData | undefined, path: Path): number | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  const text = reader.text(value, path);
  if (text === null) return null;
  const at = /^[+-]?\d{4,6}-\d\d-\d\d(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    reader.refuse(
      path,
      `received ${JSON.stringify(text.slice(0, 80))}, expected a time such as 2027-01-31T00:00:00.000Z`,
    );
  return Number.isNaN(at) ? null : at;
}

function readSuccessor(reader: DocumentReader, value: YamlData | undefined, path: Path): string | null {
  const text = reader.text(value, path);
  if (text === null) return null;
  const ref = parseToolRef(text);
  if (!ref.ok) reader.refuse(path, ref.message);
  return text;
}
