// Another declaration of the program in place of the one before: what of the registry changes with it.
// INVARIANT: "decides after another declaration as a registry that is opened with it" in test/property/redeclare.test.ts.
import type { PublishedTool } from "../../tool/tool-version.ts";
import { applyChecked, BY_PROGRAM, type ProgramSettings, toDeclared } from "./declared-settings.ts";
import type { LoadedSettings } from "./load-settings.ts";
import { checkTools, toVersionsOf, tryTarget } from "./plan-foundations.ts";
import { SETTING_RULES, toGrant } from "./setting-rules.ts";
import type { SettingParts } from "./setting-writer.ts";

/** A declaration that is to be, and what was read and checked for it. */
export interface NextDeclaration {
  readonly settings: ProgramSettings;
  /** What is stored, beside it. */
  readonly loaded: LoadedSettings;
  /** Tools that come with it, checked. */
  readonly published: readonly PublishedTool[];
}

/**
 * Tries the declaration with everything that is stored and published. Throws INVALID_OPTION, UNKNOWN_ROLE or UNKNOWN_LIMIT that lists
 * what is wrong. What it returns puts it in force, in one turn.
 */
export function planDeclaration({ settings, loaded, published }: NextDeclaration, parts: SettingParts): () => void {
  const { environment, authorization, limiter, overrides, program } = parts;
  checkTools(environment, tryTarget(loaded, settings, toVersionsOf(environment, published)), published);
  const [before, after] = [program.declared, toDeclared(settings)];
  // Stored settings of ids that the program declares from now on are shadowed; those of ids that it lets go of come back.
  const applyRules = authorization.prepareDeclared({
    roles: loaded.roles,
    grants: settings.grants ?? [],
    without: new Set(toNew(before.grant, after.grant).filter((id) => loaded.find("grant", id) !== undefined)),
    added: toNew(after.grant, before.grant).flatMap((id) => {
      const stored = loaded.find("grant", id);
      return stored === undefined ? [] : [toGrant(id, stored.body)];
    }),
  });
  return () => {
    applyRules();
    // What was used of a limit that keeps its name stays used.
    limiter.setLimits(loaded.limits);
    for (const kind of ["principal", "override"] as const)
      for (const id of toNew(after[kind], before[kind])) {
        const stored = loaded.find(kind, id);
        SETTING_RULES[kind].apply(id, stored?.body ?? null, parts, stored ?? BY_PROGRAM);
      }
    applyChecked(settings, parts);
    overrides.refresh();
    program.replace(settings);
  };
}

/** Ids that are in `after` and not in `before`. */
function toNew(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  return [...after].filter((id) => !before.has(id));
}
