// The grants in force, compiled once each and named. Every change makes a new list, so that what was compiled from the
// old one keeps it whole.
import type { Grant } from "./grant.ts";
import type { ParsedGrant } from "./parse-grants.ts";
import type { RoleGraph } from "./role-graph.ts";
import { toGrantRule, type Rule } from "./rule.ts";
import { toToolMatcher } from "./tool-pattern.ts";

export interface CompiledGrant {
  /** Whether the program declares it; otherwise it was added beside that. */
  readonly isDeclared: boolean;
  readonly grant: ParsedGrant & { readonly name: string };
  readonly rule: Rule;
  readonly denies: boolean;
  readonly matchesTool: (name: string) => boolean;
}

export interface GrantList {
  readonly compiled: readonly CompiledGrant[];
  /** As declared, with name and effect filled in. */
  readonly grants: readonly Grant[];
  add(grants: readonly ParsedGrant[]): void;
  /** Those that were added, and not declared. */
  readonly others: readonly Grant[];
  /** Other declared grants, and other roles, from now on. */
  declare(change: DeclaredGrants, graph: RoleGraph): void;
  /** How many there were of that name. */
  remove(name: string): number;
  /** Other roles from now on. */
  regraph(graph: RoleGraph): void;
}

/** Grants that are declared in place of those before, and what changes beside them. */
export interface DeclaredGrants {
  readonly declared: readonly ParsedGrant[];
  /** Names of others that go. */
  readonly without: ReadonlySet<string>;
  /** Others that come. */
  readonly added: readonly ParsedGrant[];
}

/** Creates a list without grants. */
export function createGrantList(first: RoleGraph): GrantList {
  let graph = first;
  let compiled: readonly CompiledGrant[] = [];
  let grants: readonly Grant[] = Object.freeze([]);
  let count = 0;
  const replace = (next: readonly CompiledGrant[]): void => {
    compiled = next;
    grants = Object.freeze(next.map(({ grant }) => grant));
  };
  // Never the same number twice: removing "#2" must not hit a grant that was added as another one.
  const nextName = (taken: ReadonlySet<string | undefined>): string => {
    const name = `#${++count}`;
    return taken.has(name) ? nextName(taken) : name;
  };
  const compileAll = (parsed: readonly ParsedGrant[], isDeclared: boolean): readonly CompiledGrant[] => {
    const taken = new Set([...grants, ...parsed].map(({ name }) => name));
    return parsed.map((grant) => compileGrant(grant, { name: grant.name ?? nextName(taken), graph, isDeclared }));
  };
  const recompile = ({ grant, isDeclared }: CompiledGrant): CompiledGrant =>
    compileGrant(grant, { name: grant.name, graph, isDeclared });
  return {
    get compiled() {
      return compiled;
    },
    get grants() {
      return grants;
    },
    get others() {
      return compiled.filter(({ isDeclared }) => !isDeclared).map(({ grant }) => grant);
    },
    add(added) {
      replace([...compiled, ...compileAll(added, false)]);
    },
    declare({ declared, without, added }, next) {
      graph = next;
      const kept = compiled.filter(({ grant, isDeclared }) => !isDeclared && !without.has(grant.name));
      // Declared ones first, as in a registry that is opened with them.
      replace([...compileAll(declared, true), ...kept.map(recompile), ...compileAll(added, false)]);
    },
    remove(name) {
      const kept = compiled.filter(({ grant }) => grant.name !== name);
      const removed = compiled.length - kept.length;
      replace(kept);
      return removed;
    },
    regraph(next) {
      graph = next;
      replace(compiled.map(recompile));
    },
  };
}

function compileGrant(
  parsed: ParsedGrant,
  { name, graph, isDeclared }: { readonly name: string; readonly graph: RoleGraph; readonly isDeclared: boolean },
): CompiledGrant {
  const grant = Object.freeze({ ...parsed, name });
  const rule = toGrantRule(name, parsed, graph);
  return { isDeclared, grant, rule, denies: parsed.effect === "deny", matchesTool: toToolMatcher(parsed.tools) };
}
