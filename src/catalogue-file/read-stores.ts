// Reads what is stored as documents, a page at a time.
import semver from "semver";
import { isObject, type JsonObject, type JsonValue } from "../kernel/json.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { CatalogStore, StoredTool, StoredVersion } from "../ports/catalog-store.ts";
import type { SecretStore } from "../ports/secret-store.ts";
import type { Setting, SettingKind, SettingStore } from "../ports/setting-store.ts";
import type { Status } from "../tool/tool-version.ts";
import { type ToolDocument, type VersionDocument, withoutChange } from "./catalogue-document.ts";

const PAGE = 200;

/** A tool as it is stored, and its versions, lowest first. */
export interface StoredEntry {
  readonly tool: StoredTool;
  readonly versions: readonly StoredVersion[];
}

/** All tools, in the order of their names. */
export async function* readStoredTools(catalog: Pick<CatalogStore, "page">): AsyncGenerator<StoredEntry> {
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<CatalogStore["page"]>> = await catalog.page(after, PAGE);
    for (const tool of page.tools) {
      const versions = page.versions.filter(({ name }) => name === tool.name);
      yield { tool, versions: versions.toSorted((a, b) => semver.compareBuild(a.version, b.version)) };
    }
    after = page.tools.at(-1)?.name ?? null;
    if (page.tools.length < PAGE) return;
  }
}

/** The document of a tool, with its definitions. */
export async function readTool(
  catalog: Pick<CatalogStore, "definition">,
  { tool, versions }: StoredEntry,
): Promise<ToolDocument> {
  const lives = toObject(toState(tool)["versions"]);
  const documents = new Map<string, VersionDocument>();
  for (const { version, digest, source } of versions) {
    const definition = await catalog.definition(tool.name, version);
    if (!isObject(definition)) throw broken(tool.name, `has no definition of ${version}`);
    documents.set(version, {
      ...toLife(toObject(lives[version])),
      digest,
      source,
      definition: definition,
    });
  }
  return { versions: documents, steering: toSteering(tool) };
}

/** How a version stands, as its tool's state has it. */
export function toLife(life: JsonObject): Pick<VersionDocument, "status" | "deprecation"> {
  const { status = "active", deprecation = null } = life;
  return { status: status as Status, deprecation: isObject(deprecation) ? deprecation : null };
}

/** Where references to a tool lead, without who and when. */
export function toSteering(tool: StoredTool): JsonObject {
  const { versions: _versions, ...steering } = toState(tool);
  const entries = Object.entries(steering).map(([key, value]) => {
    const isActOf = key === "canary" || key === "shadow" || key === "promotion";
    return [key, isActOf && isObject(value) ? toPlainAct(value) : value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined));
}

function toPlainAct(value: JsonObject): JsonObject {
  const { kind: _kind, ...rest } = withoutChange(value);
  return rest;
}

/** The state of a tool as an object. */
export function toState({ name, state }: StoredTool): JsonObject {
  if (!isObject(state)) throw broken(name, "is no object");
  return state;
}

/** All settings of a kind, in the order of their ids. */
export async function* readKind(settings: Pick<SettingStore, "page">, kind: SettingKind): AsyncGenerator<Setting> {
  for (let after: string | null = null; ;) {
    const page: readonly Setting[] = await settings.page(kind, after, PAGE);
    yield* page;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}

/** Names of all secrets. */
export async function readSecretNames(secrets: Pick<SecretStore, "page">): Promise<readonly string[]> {
  const names: string[] = [];
  for (;;) {
    const page = await secrets.page(names.at(-1) ?? null, PAGE);
    for (const { name } of page) names.push(name);
    if (page.length < PAGE) return names;
  }
}

function toObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function broken(name: string, what: string): ToolyardError {
  return new ToolyardError("STORE_FAILED", `The stored state of the tool ${JSON.stringify(name)} ${what}`);
}
