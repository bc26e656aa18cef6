// What the program declares itself of what can be set at run time, by the ids that settings have.
import { DEFAULT_TENANT } from "../../call/principal.ts";
import { type Problem, ToolyardError, toProblemsError } from "../../errors/toolyard-error.ts";
import { isObject, type JsonObject } from "../../kernel/json.ts";
import type { Change } from "../../ports/catalog-store.ts";
import type { SettingKind } from "../../ports/setting-store.ts";
import { DEFAULT_LIMITS, type QuotaOverrideSpec } from "../../quota/index.ts";
import { toLimitName } from "../../tool/limit-name.ts";
import { toKind } from "../options.ts";
import type { RegistryOptions } from "../registry.ts";
import { SETTING_RULES, type SettingTarget, splitOverrideId, toSettingId } from "./setting-rules.ts";
import type { StoredPrincipal } from "./stored-principals.ts";

/** What is known of a principal, whatever its caller or its token says. */
export interface PrincipalDeclaration extends StoredPrincipal {
  readonly id: string;
  /** @default "default" */
  readonly tenant?: string;
}

/** Another measure of one limit for one principal. */
export interface QuotaOverrideDeclaration extends QuotaOverrideSpec {
  /** Id of the principal. */
  readonly principal: string;
  /** @default "default" */
  readonly tenant?: string;
  /** Name of a limit; `<tool>:<limit>` for one of a tool. */
  readonly limit: string;
}

/** The options that settings stand beside. */
export type ProgramSettings = Pick<
  RegistryOptions<never>,
  "roles" | "grants" | "limits" | "concurrency" | "principals" | "quotaOverrides"
>;

/** Ids of what the program declares. */
export type Declared = Readonly<Record<SettingKind, ReadonlySet<string>>>;

/** Nobody in particular, at no time in particular. */
export const BY_PROGRAM: Change = Object.freeze({ at: 0, by: null, reason: null });

/** What the program declares itself. */
export function toDeclared({ roles, limits, grants, principals, quotaOverrides }: ProgramSettings): Declared {
  return {
    role: new Set(["ADMIN", "USER", "GUEST", ...Object.keys(roles ?? {})]),
    limit: new Set((limits ?? DEFAULT_LIMITS).map(toLimitName)),
    grant: new Set((grants ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]))),
    permission: new Set(),
    principal: new Set((principals ?? []).map(({ id, tenant = DEFAULT_TENANT }) => toSettingId(tenant, id))),
    override: new Set((quotaOverrides ?? []).map(toOverrideId)),
    stop: new Set(),
  };
}

function toOverrideId({ tenant = DEFAULT_TENANT, principal, limit }: QuotaOverrideDeclaration): string {
  return toSettingId(tenant, principal, limit);
}

/**
 * Puts the declared principals and overrides in force. Throws INVALID_OPTION, UNKNOWN_ROLE or UNKNOWN_LIMIT that lists everything that
 * is wrong with them.
 */
export function applyDeclared(program: ProgramSettings, target: SettingTarget): void {
  const faults = new Faults();
  const seen = new Set<string>();
  for (const { kind, id, path, body } of listDeclared(program, faults)) {
    faults.collect(path, () => {
      if (seen.has(`${kind}\0${id}`)) throw new ToolyardError("INVALID_OPTION", "is declared twice");
      seen.add(`${kind}\0${id}`);
      const rule = SETTING_RULES[kind];
      if (kind !== "override" || !target.overrides.isEarly(splitOverrideId(id))) rule.check(id, body, target);
      rule.apply(id, body, target, BY_PROGRAM);
    });
  }
  faults.throwIfAny("The principals and overrides of the registry cannot be used.");
}

/** Puts declared principals and overrides in force that were found to be right before. */
export function applyChecked(program: ProgramSettings, target: SettingTarget): void {
  for (const { kind, id, body } of listDeclared(program, new Faults()))
    SETTING_RULES[kind].apply(id, body, target, BY_PROGRAM);
}

interface DeclaredSetting {
  readonly kind: "principal" | "override";
  readonly id: string;
  readonly path: string;
  readonly body: JsonObject;
}

/** Principals and overrides as settings; what is none goes to `faults`. */
function* listDeclared(
  { principals = [], quotaOverrides = [] }: ProgramSettings,
  faults: Faults,
): Generator<DeclaredSetting, void, undefined> {
  for (const [index, declared] of principals.entries()) {
    const path = `principals[${index}]`;
    if (!faults.hasTexts(path, declared, ["id"])) continue;
    const { id, tenant = DEFAULT_TENANT, ...body } = declared;
    yield { kind: "principal", id: toSettingId(tenant, id), path, body };
  }
  for (const [index, declared] of quotaOverrides.entries()) {
    const path = `quotaOverrides[${index}]`;
    if (!faults.hasTexts(path, declared, ["principal", "limit"])) continue;
    const { tenant: _tenant, principal: _principal, limit: _limit, ...body } = declared;
    yield { kind: "override", id: toOverrideId(declared), path, body };
  }
}

class Faults {
  readonly #problems: Problem[] = [];
  readonly #codes = new Set<ToolyardError["code"]>();

  /** Whether it is an object with these texts. */
  hasTexts(path: string, declared: unknown, names: readonly string[]): boolean {
    const missing = isObject(declared) ? names.filter((name) => typeof declared[name] !== "string") : names;
    if (missing.length === 0) return true;
    this.#add("INVALID_OPTION", path, `received ${toKind(declared)}, expected an object with ${names.join(" and ")}`);
    return false;
  }

  collect(path: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ToolyardError)) throw error;
      const { code, message, problems } = error;
      if (problems.length === 0) this.#add(code, path, message);
      for (const problem of problems) this.#add(code, `${path}: ${problem.path}`, problem.message);
    }
  }

  throwIfAny(title: string): void {
    if (this.#problems.length === 0) return;
    const [code = "INVALID_OPTION"] = this.#codes.size === 1 ? this.#codes : [];
    throw toProblemsError(code, title, this.#problems);
  }

  #add(code: ToolyardError["code"], path: string, message: string): void {
    this.#codes.add(code);
    this.#problems.push({ path, message });
  }
}
