// What the program declares, anew while the registry runs: checked whole on the state there is, intended in the trail, its tools stored, then
// all of it in force in one turn, and recorded. Nothing else changes meanwhile: settings wait for it, and so do acts on tools.
import { createAuthorization } from "../../authz/index.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { type ActOrigin, readActOptions } from "../catalogue/act-options.ts";
import { checkDefinitions, readDefinitions } from "../catalogue/check-definitions.ts";
import { type CatalogueParts, recordPublication, storePublication } from "../catalogue/commit-publication.ts";
import type { ActRecordParts } from "../catalogue/tool-writer.ts";
import { checkDeclaration } from "../check-options.ts";
import type { AnyTool } from "../../tool/definition.ts";
import type { RegistryOptions } from "../registry.ts";
import { loadSettings } from "./load-settings.ts";
import { planDeclaration } from "./plan-declaration.ts";
import type { SettingParts, SettingWriter } from "./setting-writer.ts";

/** What a program can declare anew. What is left out is not declared any more, and has the default that it has at opening. */
export interface Declaration<App = unknown> extends Pick<
  RegistryOptions<App>,
  "roles" | "grants" | "limits" | "principals" | "quotaOverrides"
> {
  /** Published with it, all or none; what was published before stays. @default none */
  readonly tools?: readonly AnyTool<App>[];
}

export interface RedeclareOptions extends ActOrigin {
  /** What the trail is told of it, besides who and why. @default how many of each kind are declared */
  readonly details?: JsonObject;
  /** Run in the turn in which it takes effect, for what is to change with it. Must not throw. @default nothing */
  readonly together?: () => void;
}

interface Parts {
  readonly settings: SettingParts;
  readonly inTurn: SettingWriter["inTurn"];
  readonly catalogue: CatalogueParts;
  /** It has to be a role that the program declares. */
  readonly defaultRole: string | undefined;
}

export type Redeclare = (declared: Declaration<never>, options?: RedeclareOptions) => Promise<void>;

const WHAT = "redeclare";

/** Makes what declares anew. */
export function createRedeclare(parts: Parts): Redeclare {
  const { settings, catalogue, inTurn } = parts;
  const { environment, emitter, program, store } = settings;
  const { writer } = catalogue;
  return async (declared, options = {}) => {
    const { principal, change } = readActOptions(WHAT, options, {
      now: environment.clock.now(),
      more: ["details", "together"],
    });
    checkDeclaration(declared, parts.defaultRole);
    const { tools = [], ...given } = declared;
    const read = readDefinitions(tools);
    const record: ActRecordParts = { ...TOOL_AS_A_WHOLE, principal, details: toDetails(declared, options) };
    const publication = { what: WHAT, basis: { principal, change, expectedRevision: null }, ...AS_AT_OPENING };
    const done = await inTurn(async () => {
      const { concurrency } = program.settings;
      const next = { ...(concurrency !== undefined && { concurrency }), ...given };
      const loaded = await loadSettings(store, next);
      const authorization = createAuthorization({ roles: loaded.roles, grants: next.grants });
      const published = checkDefinitions(read, { ...environment, authorization }, "user");
      const prepare = () => {
        const apply = planDeclaration({ settings: next, loaded, published }, settings);
        const applyAll = (): void => {
          apply();
          options.together?.();
        };
        const intended = writer.intend("config.reloaded", "*", record);
        return intended === undefined ? applyAll : intended.then(() => applyAll);
      };
      const committed = await storePublication(catalogue, published, { ...publication, prepare });
      emitter.emit("grants.changed", { count: environment.authorization.grants.length });
      emitter.emit("registry.redeclared", { tools: published.length });
      return committed;
    });
    // Outside of the turn, as for every setting.
    await recordPublication(catalogue, done, publication);
    await writer.record("config.reloaded", "*", record);
  };
}

const TOOL_AS_A_WHOLE = { version: null, digest: null } as const;
const AS_AT_OPENING = { status: "active", forced: null } as const;

function toDetails(declared: Declaration<never>, { details, reason }: RedeclareOptions): JsonObject {
  const counts = Object.entries(declared).map(([name, list]) => [name, Object.keys(list ?? {}).length] as const);
  return { ...(details ?? { declared: Object.fromEntries(counts) }), ...(reason !== undefined && { reason }) };
}
