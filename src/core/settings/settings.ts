// What operators set while a registry runs: kept in the store, and, but for roles and limits, in force at once. The configuration stands
// above it: what a program declares itself cannot be changed from outside of it, only added to.
// INVARIANT: "what the program declares is what holds" in settings.test.ts.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { findNearest } from "../../kernel/nearest.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { Environment } from "../../pipeline/environment.ts";
import type { Setting, SettingKind, SettingStore } from "../../ports/setting-store.ts";
import { intendAct, recordAct } from "../acts.ts";
import { type ActBasis, type ActOptions, readActOptions } from "../catalogue/act-options.ts";
import type { Emitter } from "../events.ts";
import { toKind } from "../options.ts";
import { SETTING_RULES, type SettingTarget } from "./setting-rules.ts";

const SETTING_KINDS: readonly SettingKind[] = ["role", "grant", "permission", "principal", "limit", "override"];

/** A setting, and whether it is in force. */
export interface SettingState extends Setting {
  /** False: the program declares one of the same id, or it takes effect at the next opening. */
  readonly inForce: boolean;
}

/**
 * What is set at run time. Ids: the name of a role, a grant, a limit, a tool (`permission`); `toSettingId(tenant, id)` of a principal;
 * `toSettingId(tenant, id, limit)` of an override.
 */
export interface Settings {
  /** In the order of their ids. */
  list(kind: SettingKind): Promise<readonly SettingState[]>;
  /**
   * Sets one. Rejects with INVALID_OPTION or UNKNOWN_ROLE for what cannot be, or for what the program declares itself, with
   * REVISION_CONFLICT when it has another revision than expected (0: none yet).
   */
  set(kind: SettingKind, id: string, body: JsonValue, options?: ActOptions): Promise<SettingState>;
  /** Takes one back. Resolves to whether there was one. */
  remove(kind: SettingKind, id: string, options?: ActOptions): Promise<boolean>;
}

/** Ids of what the program declares itself. */
export type Declared = Readonly<Record<"role" | "grant" | "limit", ReadonlySet<string>>>;

/** Where settings are kept, and what stands above them. */
export interface SettingParts {
  readonly store: SettingStore;
  readonly declared: Declared;
  /** Roles and limits that are in force, as they were when the registry was opened. */
  readonly opened: ReadonlyMap<string, number>;
}

interface Parts extends SettingTarget, SettingParts {
  readonly environment: Environment;
  readonly emitter: Emitter;
}

const PAGE = 500;
const MAX_ID = 1_024;

/** All settings of a kind, a page at a time. */
export async function* readSettings(store: SettingStore, kind: SettingKind): AsyncGenerator<Setting, void, undefined> {
  for (let after: string | null = null; ;) {
    const page: readonly Setting[] = await store.page(kind, after, PAGE);
    yield* page;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return;
  }
}

/** The settings of a registry. */
export function createSettings(parts: Parts): Settings {
  const { store, declared, opened } = parts;
  const { clock } = parts.environment;

  const isDeclared = (kind: SettingKind, id: string): boolean =>
    (kind === "role" || kind === "grant" || kind === "limit") && declared[kind].has(id);

  const toState = (setting: Setting): SettingState => {
    const { kind, id, revision } = setting;
    const isNow = SETTING_RULES[kind].isImmediate || opened.get(`${kind}\0${id}`) === revision;
    return { ...setting, inForce: isNow && !isDeclared(kind, id) };
  };

  const check = (what: string, kind: SettingKind, id: string): void => {
    checkKind(what, kind);
    if (typeof id !== "string" || id === "" || id.length > MAX_ID || !id.isWellFormed())
      throw refuse(`${what}: id: received ${toKind(id)}, expected a text of 1 to 1,024 characters`);
    if (isDeclared(kind, id))
      throw refuse(`${what}: the ${kind} ${JSON.stringify(id)} is declared by the program, and only changed there`);
  };

  return {
    async list(kind) {
      checkKind("settings.list", kind);
      const found: SettingState[] = [];
      for await (const setting of readSettings(store, kind)) found.push(toState(setting));
      return found;
    },

    async set(kind, id, body, options = {}) {
      check("settings.set", kind, id);
      const basis = readActOptions("settings.set", options, { now: clock.now() });
      SETTING_RULES[kind].check(id, body, parts);
      const setting = { kind, id, body, ...basis.change };
      const revision = await change(parts, setting, basis, async () => store.set(setting, basis.expectedRevision));
      return toState({ ...setting, revision });
    },

    async remove(kind, id, options = {}) {
      check("settings.remove", kind, id);
      const basis = readActOptions("settings.remove", options, { now: clock.now() });
      if ((await store.get(kind, id)) === null) return false;
      const setting = { kind, id, body: null, ...basis.change };
      await change(parts, setting, basis, async () => (await store.remove(kind, id, basis.expectedRevision)) || null);
      return true;
    },
  };
}

/** Announced, stored, in force, told and recorded, in this order. Rejects with REVISION_CONFLICT when the store did not take it. */
async function change<T>(
  parts: Parts,
  setting: Omit<Setting, "revision">,
  basis: ActBasis,
  keep: () => Promise<T | null>,
): Promise<T> {
  const { environment, emitter, store } = parts;
  const { kind, id, body } = setting;
  const rule = SETTING_RULES[kind];
  const tool = kind === "permission" ? id : "*";
  const act = { ...(basis.principal && { principal: basis.principal }), details: { ...setting } };
  await intendAct(environment, rule.act, tool, act);
  const kept = await keep();
  if (kept === null) throw conflict(kind, id, await store.get(kind, id), basis.expectedRevision);
  rule.apply(id, body, parts);
  emitter.emit("setting.changed", { kind, id });
  if (kind === "grant") emitter.emit("grants.changed", { count: environment.authorization.grants.length });
  if (kind === "permission") emitter.emit("permissions.changed", { name: id });
  await recordAct(environment, rule.act, tool, act);
  return kept;
}

function checkKind(what: string, kind: SettingKind): void {
  if (SETTING_KINDS.includes(kind)) return;
  const near = typeof kind === "string" ? findNearest(kind, SETTING_KINDS, 1)[0] : undefined;
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw refuse(`${what}: kind: received ${toKind(kind)}, expected one of ${SETTING_KINDS.join(", ")}${hint}`);
}

function conflict(kind: SettingKind, id: string, found: Setting | null, expected: number | null): ToolyardError {
  const is = found === null ? "is not there any more" : `has revision ${found.revision}`;
  const message = `The ${kind} ${JSON.stringify(id)} ${is}, and ${expected ?? "what was read"} was expected; read it again`;
  return new ToolyardError("REVISION_CONFLICT", message);
}

function refuse(message: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", message);
}

/** The key under which `opened` has a setting. */
export function toOpenedKey({ kind, id }: Setting): string {
  return `${kind}\0${id}`;
}
