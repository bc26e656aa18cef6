// What is stored, brought into a registry that is being opened: roles and limits before it is made, the rest before it takes calls. A
// setting that cannot be put in force refuses the opening: a deny that is left out would let in whom it keeps out.
import type { RoleDeclaration } from "../../authz/index.ts";
import { ToolyardError, type Problem, toProblemsError } from "../../errors/toolyard-error.ts";
import { type JsonObject, isObject } from "../../kernel/json.ts";
import type { Setting, SettingKind, SettingStore } from "../../ports/setting-store.ts";
import { DEFAULT_LIMITS } from "../../quota/index.ts";
import type { Limit } from "../../tool/limit.ts";
import { toLimitName } from "../../tool/limit-name.ts";
import type { RegistryOptions } from "../registry.ts";
import { SETTING_RULES, type SettingTarget } from "./setting-rules.ts";
import { type Declared, readSettings, toOpenedKey } from "./settings.ts";

export interface LoadedSettings {
  /** The options with what is stored of roles and limits. */
  readonly roles: Readonly<Record<string, RoleDeclaration>>;
  readonly limits: readonly Limit[];
  readonly declared: Declared;
  /** Revisions of the roles and limits in force, by `toOpenedKey`. */
  readonly opened: ReadonlyMap<string, number>;
  /** Puts the rest in force. Throws INVALID_OPTION that lists every setting that cannot be. */
  apply(target: SettingTarget): void;
}

const LATER: readonly SettingKind[] = ["permission", "grant", "principal", "override"];

/** Reads everything that is stored. */
export async function loadSettings(
  store: SettingStore,
  options: Pick<RegistryOptions<never>, "roles" | "limits" | "grants">,
): Promise<LoadedSettings> {
  const declared = toDeclared(options);
  const opened = new Map<string, number>();
  const take = async (kind: "role" | "limit"): Promise<readonly Setting[]> => {
    const found: Setting[] = [];
    for await (const setting of readSettings(store, kind)) {
      if (declared[kind].has(setting.id)) continue;
      opened.set(toOpenedKey(setting), setting.revision);
      found.push(setting);
    }
    return found;
  };
  const roles = (await take("role")).map(({ id, body }) => [id, toObject(body)] as const);
  const limits = (await take("limit")).map(({ id, body }) => ({ ...toObject(body), name: id }) as unknown as Limit);
  const later: Setting[] = [];
  for (const kind of LATER) for await (const setting of readSettings(store, kind)) later.push(setting);
  return {
    roles: { ...Object.fromEntries(roles), ...options.roles },
    limits: [...(options.limits ?? DEFAULT_LIMITS), ...limits],
    declared,
    opened,
    apply(target) {
      const effective = later.filter(({ kind, id }) => kind !== "grant" || !declared.grant.has(id));
      const problems = effective.flatMap((setting) => applyOne(setting, target));
      if (problems.length > 0) {
        const message =
          "Stored settings cannot be put in force; nothing was opened. Declare what they name, or change them.";
        throw toProblemsError("INVALID_OPTION", message, problems);
      }
    },
  };
}

function applyOne({ kind, id, body }: Setting, target: SettingTarget): readonly Problem[] {
  const rule = SETTING_RULES[kind];
  try {
    rule.check(id, body, target);
    rule.apply(id, body, target);
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    // A limit that is gone limits nobody, and so its override changes nothing for anybody.
    if (kind === "override" && error.code === "UNKNOWN_LIMIT") return [];
    return [{ path: `${kind} ${JSON.stringify(id)}`, message: error.problems[0]?.message ?? error.message }];
  }
}

/** What the program declares itself. */
export function toDeclared({
  roles,
  limits,
  grants,
}: Pick<RegistryOptions<never>, "roles" | "limits" | "grants">): Declared {
  return {
    role: new Set(["ADMIN", "USER", "GUEST", ...Object.keys(roles ?? {})]),
    limit: new Set((limits ?? DEFAULT_LIMITS).map(toLimitName)),
    grant: new Set((grants ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]))),
  };
}

function toObject(body: Setting["body"]): JsonObject {
  return isObject(body) ? body : {};
}
