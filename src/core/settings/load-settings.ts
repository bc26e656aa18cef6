// What is stored, brought into a registry that is being opened: roles and limits before it is made, the rest before it takes calls. A
// setting that cannot be put in force refuses the opening: a deny that is left out would let in whom it keeps out.
import type { RoleDeclaration } from "../../authz/index.ts";
import { ToolyardError, type Problem, toProblemsError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import type { Setting, SettingKind, SettingStore } from "../../ports/setting-store.ts";
import { DEFAULT_LIMITS } from "../../quota/index.ts";
import type { Limit } from "../../tool/limit.ts";
import { type ProgramSettings, toDeclared } from "./declared-settings.ts";
import { readSettings } from "./read-settings.ts";
import { type Foundation, SETTING_RULES, type SettingTarget, toGrant, withoutName } from "./setting-rules.ts";

export interface LoadedSettings {
  /** The options with what is stored of roles and limits. */
  readonly roles: Readonly<Record<string, RoleDeclaration>>;
  readonly limits: readonly Limit[];
  /** What is stored under that id, in force or not. */
  find(kind: Later["kind"], id: string): Setting | undefined;
  /** Puts the rest in force. Throws INVALID_OPTION that lists every setting that cannot be, and then puts none. */
  apply(target: SettingTarget): void;
}

/** Settings that stand on roles and limits. */
type Later = Setting & { readonly kind: Exclude<SettingKind, Foundation> };

const LATER: readonly Later["kind"][] = ["permission", "grant", "principal", "override", "stop"];

/** Reads everything that is stored, but for what the program declares itself. */
export async function loadSettings(
  store: Pick<SettingStore, "page">,
  options: ProgramSettings,
): Promise<LoadedSettings> {
  const declared = toDeclared(options);
  const all = new Map<string, Setting>();
  const read = async (kind: SettingKind): Promise<readonly Setting[]> => {
    const found: Setting[] = [];
    for await (const setting of readSettings(store, kind)) {
      all.set(`${kind}\0${setting.id}`, setting);
      if (!declared[kind].has(setting.id)) found.push(setting);
    }
    return found;
  };
  const roles = (await read("role")).map(({ id, body }) => [id, body as RoleDeclaration] as const);
  const limits = (await read("limit")).map(toLimit);
  const later: Later[] = [];
  for (const kind of LATER) for (const setting of await read(kind)) later.push({ ...setting, kind });
  return {
    roles: { ...Object.fromEntries(roles), ...options.roles },
    limits: [...(options.limits ?? DEFAULT_LIMITS), ...limits],
    find: (kind, id) => all.get(`${kind}\0${id}`),
    apply(target) {
      const problems = later.flatMap((setting) => checkOne(setting, target));
      if (problems.length > 0) {
        const message =
          "Stored settings cannot be put in force; nothing was opened. Declare what they name, or change them.";
        throw toProblemsError("INVALID_OPTION", message, problems);
      }
      const grants = later.filter(({ kind }) => kind === "grant");
      // All at once: one by one, each would make the list of all of them anew.
      target.authorization.addGrants(grants.map(({ id, body }) => toGrant(id, body)));
      for (const setting of later) {
        const { kind, id, body } = setting;
        if (kind !== "grant") SETTING_RULES[kind].apply(id, body, target, setting);
      }
    },
  };
}

/** The limit of a setting. Throws INVALID_OPTION when it has another name. */
function toLimit({ id, body }: Setting): Limit {
  // What is no object is left to the check of all limits, which says so.
  return (isObject(body) ? { ...withoutName("limit", id, body), name: id } : body) as unknown as Limit;
}

function checkOne({ kind, id, body }: Later, target: SettingTarget): readonly Problem[] {
  try {
    SETTING_RULES[kind].check(id, body, target);
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    // It waits for its limit.
    if (kind === "override" && error.code === "UNKNOWN_LIMIT") return [];
    return [{ path: `${kind} ${JSON.stringify(id)}`, message: error.problems[0]?.message ?? error.message }];
  }
}
