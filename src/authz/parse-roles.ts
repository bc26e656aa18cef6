// Reads declared roles: names, what they inherit, no unknown ones, no circles.
import { isObject } from "../kernel/json.ts";
import { formatNearest, formatReceived, type Problems } from "./problems.ts";
import { createRoleGraph, type RoleGraph } from "./role-graph.ts";
import { Role, ROLE_NAME } from "./role.ts";

type Inheritance = Map<string, readonly string[]>;

const KEYS: readonly string[] = ["inherits", "description"];

/** Reads the declarations of own roles. What is wrong goes to `problems`; the graph is then of no use. */
export function parseRoles(declarations: unknown, problems: Problems): RoleGraph {
  const inherits: Inheritance = new Map([
    [Role.ADMIN, [Role.USER]],
    [Role.USER, [Role.GUEST]],
    [Role.GUEST, []],
  ]);
  if (declarations !== undefined) {
    if (isObject(declarations)) readDeclarations(declarations, inherits, problems);
    else
      problems.add(
        "roles",
        `received ${formatReceived(declarations)}, expected an object of role declarations by name`,
      );
  }
  checkInherited(inherits, problems);
  return createRoleGraph(toHolders(inherits, problems));
}

function readDeclarations(declarations: Record<string, unknown>, inherits: Inheritance, problems: Problems): void {
  for (const [name, declaration] of Object.entries(declarations)) {
    const path = `roles.${name}`;
    if (!ROLE_NAME.test(name)) {
      problems.add(
        path,
        `received ${formatReceived(name)}, expected a letter, then letters, digits, "_" and "-", at most 64 characters`,
      );
      continue;
    }
    const own = readDeclaration(path, declaration, problems);
    inherits.set(name, [...(inherits.get(name) ?? []), ...own]);
  }
}

function readDeclaration(path: string, declaration: unknown, problems: Problems): readonly string[] {
  if (!isObject(declaration)) {
    problems.add(path, `received ${formatReceived(declaration)}, expected an object such as { inherits: ["USER"] }`);
    return [];
  }
  for (const key of Object.keys(declaration)) {
    if (!KEYS.includes(key))
      problems.add(`${path}.${key}`, `unknown key, expected ${KEYS.join(" or ")}${formatNearest(key, KEYS)}`);
  }
  const { inherits, description } = declaration;
  if (description !== undefined && typeof description !== "string") {
    problems.add(`${path}.description`, `received ${formatReceived(description)}, expected text`);
  }
  if (inherits === undefined) return [];
  if (Array.isArray(inherits) && inherits.every((role) => typeof role === "string")) return [...inherits];
  problems.add(`${path}.inherits`, `received ${formatReceived(inherits)}, expected a list of role names`);
  return [];
}

function checkInherited(inherits: Inheritance, problems: Problems): void {
  for (const [name, parents] of inherits) {
    for (const parent of parents) {
      if (!inherits.has(parent)) problems.addUnknownRole(`roles.${name}.inherits`, parent, inherits.keys());
    }
  }
}

function toHolders(inherits: Inheritance, problems: Problems): Map<string, Set<string>> {
  const holders = new Map<string, Set<string>>([...inherits.keys()].map((name) => [name, new Set([name])]));
  const reported = new Set<string>();
  for (const name of inherits.keys()) {
    // Breadth first with the way back, because a recursion would end at the stack's depth on a long chain.
    const cameFrom = new Map<string, string>();
    const reached = [name];
    for (const role of reached) {
      for (const parent of inherits.get(role) ?? []) {
        if (parent === name) {
          if (!reported.has(name)) reportCycle(name, role, cameFrom, reported, problems);
        } else if (!cameFrom.has(parent)) {
          cameFrom.set(parent, role);
          reached.push(parent);
          holders.get(parent)?.add(name);
        }
      }
    }
  }
  return holders;
}

function reportCycle(
  start: string,
  last: string,
  cameFrom: ReadonlyMap<string, string>,
  reported: Set<string>,
  problems: Problems,
): void {
  const way = [start];
  for (let role: string | undefined = last; role !== undefined; role = cameFrom.get(role)) way.unshift(role);
  for (const role of way) reported.add(role);
  const message = `roles inherit one another in a circle: ${way.join(" → ")}; remove one of these`;
  problems.add(`roles.${start}.inherits`, message);
}
