// The state of a tool as JSON, and back: all that is stored of it besides its versions. Written by one version of the code and read
// by the next: fields are only added, and what is not there has its default.
import { ToolyardError } from "../errors/toolyard-error.ts";
import { isObject, type JsonObject, type JsonValue } from "../kernel/json.ts";
import type { Change, StoredTool, StoredVersion } from "../ports/catalog-store.ts";
import type { Deprecation, PublishedTool, RolloutKind, Status } from "../tool/tool-version.ts";
import {
  type AbsentVersion,
  createEntry,
  createToolEntry,
  type Entry,
  type Life,
  type ToolEntry,
  withVersion,
} from "./entry.ts";
import { type Audience, NO_STEERING, type Promotion, type Rollout, type Steering } from "./steering.ts";

/** The tool as it is stored. */
export function toStoredTool(tool: ToolEntry): StoredTool {
  const { name, revision, change } = tool;
  return { name, revision, state: toState(tool), at: change.at, by: change.by, reason: change.reason };
}

/**
 * The tool of these rows: with the code in `published`, the versions whose definition it still is. Throws STORE_FAILED for what is no
 * state.
 */
export function fromStoredTool(
  { name, revision, state, at, by, reason }: StoredTool,
  versions: readonly StoredVersion[],
  published: ReadonlyMap<string, PublishedTool>,
): ToolEntry {
  const reader = new StateReader(name, state);
  let entries: readonly Entry[] = [];
  const absent: AbsentVersion[] = [];
  for (const stored of versions) {
    const life = reader.readLife(stored);
    const tool = published.get(stored.version);
    if (tool?.version.digest !== stored.digest)
      absent.push({ ...life, version: stored.version, digest: stored.digest });
    else entries = withVersion(entries, createEntry(tool, life));
  }
  return createToolEntry(name, entries, {
    revision,
    change: { at, by, reason },
    absent,
    steering: reader.readSteering(),
  });
}

function toState(tool: ToolEntry): JsonObject {
  const lives: Record<string, JsonObject> = {};
  for (const entry of tool.versions) addLife(lives, entry.tool.version.version, entry);
  for (const one of tool.absent) addLife(lives, one.version, one);
  const { channels, defaultTo, tenants, canary, shadow, promotion } = tool.steering;
  return {
    versions: lives,
    ...(channels.size > 0 && { channels: Object.fromEntries(channels) }),
    ...(defaultTo !== null && { default: defaultTo }),
    ...(tenants.size > 0 && { tenants: Object.fromEntries(tenants) }),
    ...(canary !== null && { canary: toJson(canary) }),
    ...(shadow !== null && { shadow: toJson(shadow) }),
    ...(promotion !== null && { promotion: toJson(promotion) }),
  };
}

/** Plain data of ours as JSON data: the types differ only in that interfaces have no index. */
function toJson(value: object): JsonObject {
  return value as JsonObject;
}

function addLife(lives: Record<string, JsonObject>, version: string, { status, deprecation, change }: Life): void {
  lives[version] = { status, ...(deprecation !== null && { deprecation: toJson(deprecation) }), ...change };
}

const STATUSES: readonly Status[] = ["staged", "active", "deprecated", "retired"];

class StateReader {
  readonly #name: string;
  readonly #state: Record<string, unknown>;
  readonly #lives: ReadonlyMap<string, unknown>;

  constructor(name: string, state: JsonValue) {
    this.#name = name;
    if (!isObject(state)) throw this.#fail("is no object");
    this.#state = state;
    this.#lives = this.#readMap("versions");
  }

  readLife({ version, calledAt, at, by, reason }: StoredVersion): Life {
    const life = this.#lives.get(version);
    if (life === undefined) return { status: "active", deprecation: null, change: { at, by, reason }, calledAt };
    const { status, deprecation = null } = isObject(life) ? life : {};
    const known = STATUSES.find((one) => one === status);
    if (known === undefined) throw this.#fail(`has the version ${version} as ${String(status)}`);
    return { status: known, deprecation: deprecation as Deprecation | null, change: toChange(life), calledAt };
  }

  readSteering(): Steering {
    const { default: defaultTo, canary, shadow, promotion } = this.#state;
    const [channels, tenants] = [this.#readPointers("channels"), this.#readPointers("tenants")];
    if (channels.size + tenants.size === 0 && !(defaultTo ?? canary ?? shadow ?? promotion)) return NO_STEERING;
    return Object.freeze({
      channels,
      tenants,
      defaultTo: typeof defaultTo === "string" ? defaultTo : null,
      canary: this.#readRollout("canary", canary),
      shadow: this.#readRollout("shadow", shadow),
      promotion: isObject(promotion) ? (promotion as unknown as Promotion) : null,
    });
  }

  #readRollout(kind: RolloutKind, rollout: unknown): Rollout | null {
    if (rollout === undefined || rollout === null) return null;
    const { version, of, audience, forced = null } = isObject(rollout) ? rollout : {};
    if (typeof version !== "string" || typeof of !== "string" || !isObject(audience)) {
      throw this.#fail(`has a ${kind} that is none`);
    }
    const read = toAudience(audience, version);
    return { kind, version, of, audience: read, forced: forced as string | null, ...toChange(rollout) };
  }

  #readPointers(field: string): ReadonlyMap<string, string> {
    const pointers = this.#readMap(field);
    for (const target of pointers.values()) {
      if (typeof target !== "string") throw this.#fail(`has ${field} that lead to ${String(target)}`);
    }
    return pointers as ReadonlyMap<string, string>;
  }

  #readMap(field: string): ReadonlyMap<string, unknown> {
    const found = this.#state[field];
    if (found === undefined) return NOTHING;
    if (!isObject(found)) throw this.#fail(`has ${field} that are no object`);
    return new Map(Object.entries(found));
  }

  #fail(what: string): ToolyardError {
    return new ToolyardError("STORE_FAILED", `The stored state of the tool ${JSON.stringify(this.#name)} ${what}`);
  }
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();

function toAudience(given: Partial<Audience>, version: string): Audience {
  const { percent = 0, principals = [], tenants = [], roles = [], salt = version } = given;
  return { percent, principals, tenants, roles, salt };
}

function toChange(value: unknown): Change {
  const { at = 0, by = null, reason = null } = value as Partial<Change>;
  return { at, by, reason };
}
