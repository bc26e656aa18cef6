// Changes of roles and limits. Other settings, tools and the program stand on them, so that a change is tried with all of them first: what
// is taken while a registry runs must never keep the next one from opening.
// INVARIANT: "opens again with whatever it has taken" in test/property/settings.test.ts.
import { createAuthorization } from "../../authz/index.ts";
import { type Problem, toProblemsError } from "../../errors/toolyard-error.ts";
import { compareBytes } from "../../kernel/compare-bytes.ts";
import type { JsonValue } from "../../kernel/json.ts";
import { systemClock } from "../../kernel/clock.ts";
import type { Environment } from "../../pipeline/environment.ts";
import type { Setting, SettingStore } from "../../ports/setting-store.ts";
import { createLimiter, DEFAULT_CONCURRENCY, type LimiterOptions } from "../../quota/index.ts";
import { createMemoryQuotaStore, createMemorySlotStore } from "../../stores/memory/index.ts";
import { RESERVED } from "../catalogue/tool-writer.ts";
import { createStopTable } from "../stops/stop-table.ts";
import { checkLimitRoles } from "../check-options.ts";
import { applyDeclared, type ProgramSettings } from "./declared-settings.ts";
import { createKeptOverrides } from "./kept-overrides.ts";
import { type LoadedSettings, loadSettings } from "./load-settings.ts";
import { readSettings } from "./read-settings.ts";
import type { DeclaredProgram } from "./declared-program.ts";
import type { Foundation, SettingTarget } from "./setting-rules.ts";
import { createStoredPrincipals } from "./stored-principals.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";

/** A role or a limit as it is to be; null: it goes. */
export interface FoundationChange {
  readonly kind: Foundation;
  readonly id: string;
  readonly body: JsonValue | null;
}

interface Parts extends SettingTarget {
  readonly environment: Pick<Environment, "catalogue">;
  readonly store: Pick<SettingStore, "page">;
  readonly program: Pick<DeclaredProgram, "settings">;
}

/**
 * Tries the change with everything that stands on roles and limits. Throws INVALID_OPTION or UNKNOWN_ROLE that lists what would not
 * stand any more. What it resolves to puts the change in force.
 */
export async function planFoundations(change: FoundationChange, parts: Parts): Promise<() => void> {
  const { environment, authorization, limiter, overrides, program } = parts;
  const next = await loadSettings(withChange(parts.store, change), program.settings);
  const tried = tryTarget(next, program.settings, toVersionsOf(environment, []));
  checkTools(environment, tried, []);
  const applyRoles = authorization.prepareRoles(next.roles);
  return () => {
    applyRoles();
    // Also after a change of roles alone: which quotas a principal has depends on them.
    limiter.setLimits(next.limits);
    overrides.refresh();
  };
}

/**
 * What a registry with these settings would decide by, made only to see whether it can be made. Throws INVALID_OPTION, UNKNOWN_ROLE or
 * UNKNOWN_LIMIT that lists what is wrong.
 */
export function tryTarget(
  loaded: LoadedSettings,
  program: ProgramSettings,
  versionsOf: LimiterOptions["versionsOf"],
): SettingTarget {
  const { roles, limits } = loaded;
  const authorization = createAuthorization({ roles, grants: program.grants });
  const limiter = createLimiter({
    store: createMemoryQuotaStore({ clock: systemClock }),
    slots: createMemorySlotStore(),
    clock: systemClock,
    limits,
    concurrency: program.concurrency ?? DEFAULT_CONCURRENCY,
    isRole: (role) => authorization.roles.has(role),
    versionsOf,
  });
  checkLimitRoles({ ...program, limits }, authorization.roles);
  const overrides = createKeptOverrides(limiter, (tool) => versionsOf(tool).length > 0);
  const target: SettingTarget = {
    authorization,
    limiter,
    principals: createStoredPrincipals(),
    overrides,
    stops: createStopTable(() => {}),
  };
  applyDeclared(program, target);
  loaded.apply(target);
  return target;
}

/** The store as it would be. */
function withChange(
  store: Pick<SettingStore, "page">,
  { kind, id, body }: FoundationChange,
): Pick<SettingStore, "page"> {
  return {
    async page(asked, after, limit) {
      if (asked !== kind) return store.page(asked, after, limit);
      // All of them at once: there are few.
      if (after !== null) return [];
      const all: Setting[] = [];
      for await (const setting of readSettings(store, kind)) if (setting.id !== id) all.push(setting);
      if (body !== null) all.push({ kind, id, body, revision: 0, at: 0, by: null, reason: null });
      return all.sort((a, b) => compareBytes(a.id, b.id));
    },
  };
}

/** The published versions of a tool, `coming` among them. */
export function toVersionsOf(
  { catalogue }: Parts["environment"],
  coming: readonly PublishedTool[],
): LimiterOptions["versionsOf"] {
  return (name) => [
    ...coming.map(({ version }) => version).filter((version) => version.name === name),
    ...(catalogue.snapshot.get(name)?.versions.map(({ tool }) => tool.version) ?? []),
  ];
}

/** Published tools name roles as well; those that are `coming` were checked. Throws UNKNOWN_ROLE. */
export function checkTools(
  { catalogue }: Parts["environment"],
  { authorization }: Pick<SettingTarget, "authorization">,
  coming: readonly PublishedTool[],
): void {
  const isComing = new Set(coming.map(({ version }) => `${version.name}@${version.version}`));
  const problems: readonly Problem[] = catalogue.snapshot.tools
    .filter(({ name }) => !name.startsWith(RESERVED))
    .flatMap(({ versions }) => versions.map(({ tool }) => tool.version))
    .filter(({ name, version }) => !isComing.has(`${name}@${version}`))
    .flatMap((version) => authorization.checkRoles(version));
  if (problems.length > 0) throw toProblemsError("UNKNOWN_ROLE", "Published tools name roles.", problems);
}
