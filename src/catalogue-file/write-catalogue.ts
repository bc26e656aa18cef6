// Writes what is stored as a catalogue file: the same content is the same text, whoever stored it, when and in which database.
import type { JsonObject, JsonValue } from "../kernel/json.ts";
import { isObject } from "../kernel/json.ts";
import type { StoreReaders } from "../ports/stores.ts";
import {
  CATALOGUE_FORMAT,
  CATALOGUE_VERSION,
  SETTING_SECTIONS,
  type ToolDocument,
  type VersionDocument,
} from "./catalogue-document.ts";
import { toShownDefinition } from "./definition-fields.ts";
import { readKind, readSecretNames, readStoredTools, readTool } from "./read-stores.ts";
import { toYamlText, type YamlValue } from "./yaml-text.ts";

const HEAD = `# What is published here, and what operators have set. Written by \`toolyard export\`.
# Change it and see what that comes to with \`toolyard import <this file> --dry-run\`. A definition cannot be changed under its version.
# Keys, values of secrets and the audit trail are not in it; \`toolyard backup\` has all of it.
format: ${CATALOGUE_FORMAT}
version: ${CATALOGUE_VERSION}
`;

export interface WrittenCatalogue {
  readonly tools: number;
  readonly versions: number;
  readonly settings: number;
  readonly secrets: number;
}

/** Writes the file piece by piece. Resolves to what is in it. */
export async function writeCatalogue(
  stores: Pick<StoreReaders, "catalog" | "settings" | "secrets">,
  write: (text: string) => void | Promise<void>,
): Promise<WrittenCatalogue> {
  await write(HEAD);
  const { tools, versions } = await writeTools(stores, write);
  const settings = await writeSettings(stores, write);
  const secrets = await readSecretNames(stores.secrets);
  if (secrets.length > 0) {
    await write("\n# Names only: set their values with `toolyard secrets set`.\n");
    await write(toYamlText({ secrets }));
  }
  return { tools, versions, settings, secrets: secrets.length };
}

async function writeTools(
  { catalog }: Pick<StoreReaders, "catalog">,
  write: (text: string) => void | Promise<void>,
): Promise<Pick<WrittenCatalogue, "tools" | "versions">> {
  let tools = 0;
  let versions = 0;
  for await (const entry of readStoredTools(catalog)) {
    if (tools === 0) await write("\ntools:\n");
    else await write("\n");
    const document = await readTool(catalog, entry);
    await write(toYamlText(new Map([[entry.tool.name, toToolValue(document)]]), 2));
    tools++;
    versions += document.versions.size;
  }
  return { tools, versions };
}

async function writeSettings(
  { settings }: Pick<StoreReaders, "settings">,
  write: (text: string) => void | Promise<void>,
): Promise<number> {
  let count = 0;
  for (const { kind, section } of SETTING_SECTIONS) {
    const tree = new Map<string, YamlValue>();
    for await (const { id, body } of readKind(settings, kind)) {
      put(tree, id.split("\0"), body);
      if (count === 0) await write("\nsettings:\n");
      count++;
    }
    if (tree.size > 0) await write(toYamlText(new Map([[section, tree]]), 2));
  }
  return count;
}

/** Ids of several parts are branches. */
function put(tree: Map<string, YamlValue>, [part = "", ...more]: readonly string[], body: JsonValue): void {
  if (more.length === 0) {
    tree.set(part, body);
    return;
  }
  const branch = tree.get(part) ?? new Map<string, YamlValue>();
  tree.set(part, branch);
  put(branch as Map<string, YamlValue>, more, body);
}

function toToolValue({ versions, steering }: ToolDocument): YamlValue {
  const { channels, default: defaultTo, tenants, canary, shadow, promotion } = steering;
  return new Map<string, YamlValue>([
    ...toPart("default", defaultTo),
    ...toPart("channels", toSorted(channels)),
    ...toPart("tenants", toSorted(tenants)),
    ...toPart("canary", toRollout(canary)),
    ...toPart("shadow", toRollout(shadow)),
    ...toPart("promotion", promotion),
    ["versions", new Map([...versions].map(([version, document]) => [version, toVersionValue(document)]))],
  ]);
}

function toPart(key: string, value: YamlValue | undefined): readonly (readonly [string, YamlValue])[] {
  return value === undefined || value === null ? [] : [[key, value]];
}

function toSorted(value: JsonValue | undefined): YamlValue | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value as Record<string, JsonValue>);
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without the parts of the audience that name nobody. */
function toRollout(value: JsonValue | undefined): YamlValue | undefined {
  if (!isObject(value)) return undefined;
  const { version, of, audience, forced } = value;
  const parts = Object.entries(isObject(audience) ? (audience as Record<string, JsonValue>) : {});
  return new Map<string, YamlValue>([
    ...toPart("version", version),
    ...toPart("of", of),
    ["audience", new Map(parts.filter(([, part]) => !Array.isArray(part) || part.length > 0))],
    ...toPart("forced", forced),
  ]);
}

function toVersionValue({ status, deprecation, digest, source, definition }: VersionDocument): YamlValue {
  return new Map<string, YamlValue>([
    ["status", status],
    ...toPart("deprecation", deprecation === null ? null : toDeprecation(deprecation)),
    ["source", source],
    ["digest", digest],
    ["definition", toShownDefinition(definition)],
  ]);
}

/** A time as people read it. */
function toDeprecation({ message = "", sunsetAt = null, successor = null }: JsonObject): YamlValue {
  return new Map<string, YamlValue>([
    ["message", message],
    ...toPart("sunsetAt", typeof sunsetAt === "number" ? toTime(sunsetAt) : null),
    ...toPart("successor", successor),
  ]);
}

function toTime(at: number): YamlValue {
  return Number.isInteger(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : at;
}
