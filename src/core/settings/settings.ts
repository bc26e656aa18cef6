// What operators set while a registry runs: kept in the store, and in force at once. The configuration stands above it: what a program
// declares itself cannot be changed from outside of it, only added to.
// INVARIANT: "what the program declares is what holds" in settings.test.ts, and for random settings in test/property/settings.test.ts.
import type { Grant, RoleDeclaration } from "../../authz/index.ts";
import { invariant } from "../../kernel/invariant.ts";
import type { Setting, SettingKind } from "../../ports/setting-store.ts";
import type { QuotaOverrideSpec } from "../../quota/index.ts";
import type { Limit } from "../../tool/limit.ts";
import { type ActOptions, readActOptions } from "../catalogue/act-options.ts";
import { type AddGrants, createAddGrants } from "./add-grants.ts";
import { checkSettingId, checkSettingKind, copySettingBody, toDeclaredError } from "./check-setting.ts";
import { createSettingWriter, type SettingParts, type SettingWriter, toConflict } from "./setting-writer.ts";
import { keepSettings, readSettings } from "./read-settings.ts";
import { splitOverrideId } from "./setting-rules.ts";
import type { StoredPrincipal } from "./stored-principals.ts";

/** What a setting of each kind says. */
export interface SettingBodies {
  readonly role: RoleDeclaration;
  readonly grant: Omit<Grant, "name" | "when">;
  readonly permission: { readonly roles: readonly string[] };
  readonly principal: StoredPrincipal;
  readonly limit: Omit<Limit, "name">;
  readonly override: QuotaOverrideSpec;
  /** Who, when and why are all there is to it. */
  readonly stop: Readonly<Record<string, never>>;
}

/** A setting, and whether it is in force. */
export interface SettingState extends Setting {
  /** False: the program declares one of the same id, or it is an override of a limit that there is not. */
  readonly inForce: boolean;
}

/**
 * What is set at run time. Ids: the name of a role, a grant, a limit, a tool (`permission`); `toSettingId(tenant, id)` of a principal;
 * `toSettingId(tenant, id, limit)` of an override. Stops have ids of their own; see `Stops`.
 */
export interface Settings {
  /** In the order of their ids. */
  list(kind: SettingKind): Promise<readonly SettingState[]>;
  /**
   * Sets one, in place of the one of that id. Rejects with INVALID_OPTION, UNKNOWN_ROLE or UNKNOWN_LIMIT for what cannot be, or for what
   * the program declares itself, with REVISION_CONFLICT when it has another revision than expected (0: none yet), with STORE_FAILED.
   */
  set<K extends SettingKind>(kind: K, id: string, body: SettingBodies[K], options?: ActOptions): Promise<SettingState>;
  /**
   * Takes one back. Resolves to whether there was one. Rejects like `set`; also, with INVALID_OPTION or UNKNOWN_ROLE, for a role that
   * something names.
   */
  remove(kind: SettingKind, id: string, options?: ActOptions): Promise<boolean>;
}

/** Settings, and what only the registry's own acts need. */
export interface KeptSettings extends Settings {
  /** Adds grants that are not there yet, all or none. */
  readonly addGrants: AddGrants;
  /** Works while no setting is being written. */
  readonly inTurn: SettingWriter["inTurn"];
}

/** The settings of a registry. */
export function createSettings(parts: SettingParts): KeptSettings {
  const { store, program, overrides } = parts;
  const { clock } = parts.environment;
  const writer = createSettingWriter(parts);

  const toState = (setting: Setting): SettingState => {
    const { kind, id } = setting;
    const inForce =
      !program.declared[kind].has(id) && (kind !== "override" || overrides.isInForce(splitOverrideId(id)));
    return { ...setting, inForce };
  };

  const refuseDeclared = (what: string, kind: SettingKind, id: string): void => {
    if (program.declared[kind].has(id)) throw toDeclaredError(what, kind, id);
  };

  return {
    async list(kind) {
      checkSettingKind("settings.list", kind);
      const found: SettingState[] = [];
      for await (const setting of readSettings(store, kind)) found.push(toState(setting));
      return found;
    },

    async set(kind, id, given, options = {}) {
      checkSettingId("settings.set", kind, id);
      refuseDeclared("settings.set", kind, id);
      const { principal, change, expectedRevision } = readActOptions("settings.set", options, { now: clock.now() });
      const body = copySettingBody(kind, given);
      const setting = { kind, id, body, ...change };
      const revision = await writer.write({ principal, changes: [setting] }, async () => {
        // Again in its turn: the program may declare it by now.
        refuseDeclared("settings.set", kind, id);
        await writer.checkRevision(kind, id, expectedRevision);
        return () => store.set(setting, expectedRevision);
      });
      invariant(revision !== null, "what is set is written");
      return toState({ ...setting, revision });
    },

    async remove(kind, id, options = {}) {
      checkSettingId("settings.remove", kind, id);
      const { principal, change, expectedRevision } = readActOptions("settings.remove", options, { now: clock.now() });
      const setting = { kind, id, body: null, ...change };
      const gone = await writer.write({ principal, changes: [setting] }, async () => {
        const found = await keepSettings(() => store.get(kind, id));
        // One that was stored before the program declared it can go: it changes nothing.
        if (found === null) refuseDeclared("settings.remove", kind, id);
        if (found === null) return null;
        if (expectedRevision !== null && expectedRevision !== found.revision) throw toConflict(found, expectedRevision);
        return async () => (await store.remove(kind, id, expectedRevision)) || null;
      });
      return gone !== null;
    },

    addGrants: createAddGrants(parts, writer),
    inTurn: writer.inTurn,
  };
}
