// The grants in force, compiled once each and named. Every change makes a new list, so that what was compiled from the
// old one keeps it whole.
import type { Grant } from "./grant.ts";
import type { ParsedGrant } from "./parse-grants.ts";
import type { RoleGraph } from "./role-graph.ts";
import { toGrantRule, type Rule } from "./rule.ts";
import { toToolMatcher } from "./tool-pattern.ts";

export interface CompiledGrant {
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
  /** How many there were of that name. */
  remove(name: string): number;
  /** Other roles from now on. */
  regraph(graph: RoleGraph): void;
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
  return {
    get compiled() {
      return compiled;
    },
    get grants() {
      return grants;
    },
    add(added) {
      const taken = new Set([...grants, ...added].map(({ name }) => name));
      replace([...compiled, ...added.map((grant) => compileGrant(grant, grant.name ?? nextName(taken), graph))]);
    },
    remove(name) {
      const kept = compiled.filter(({ grant }) => grant.name !== name);
      const removed = compiled.length - kept.length;
      replace(kept);
      return removed;
    },
    regraph(next) {
      graph = next;
      replace(compiled.map(({ grant }) => compileGrant(grant, grant.name, graph)));
    },
  };
}

function compileGrant(parsed: ParsedGrant, name: string, graph: RoleGraph): CompiledGrant {
  const grant = Object.freeze({ ...parsed, name });
  const rule = toGrantRule(name, parsed, graph);
  return { grant, rule, denies: parsed.effect === "deny", matchesTool: toToolMatcher(parsed.tools) };
}
