// Collects everything that is wrong with a declaration, so that one error names it all and nothing is half applied.
import { toProblemsError, type Problem } from "../errors/toolyard-error.ts";
import { findNearest } from "../kernel/nearest.ts";

export interface Problems {
  add(path: string, message: string): void;
  /** A name that is no role; `roles` are those that are. */
  addUnknownRole(path: string, name: string, roles: Iterable<string>): void;
  /** Throws UNKNOWN_ROLE when unknown roles are all that is wrong, INVALID_OPTION when there is more. */
  throwIfAny(title: string): void;
  readonly list: readonly Problem[];
}

export function createProblems(): Problems {
  const list: Problem[] = [];
  let onlyUnknownRoles = true;
  return {
    list,
    add(path, message) {
      onlyUnknownRoles = false;
      list.push({ path, message });
    },
    addUnknownRole(path, name, roles) {
      list.push({ path, message: toUnknownRoleMessage(name, roles) });
    },
    throwIfAny(title) {
      if (list.length > 0) throw toProblemsError(onlyUnknownRoles ? "UNKNOWN_ROLE" : "INVALID_OPTION", title, list);
    },
  };
}

/** `received "USR", expected one of the declared roles ADMIN, GUEST, USER; did you mean "USER"?` */
function toUnknownRoleMessage(name: string, roles: Iterable<string>): string {
  const known = [...roles];
  const shown = known.length <= 12 ? ` ${known.join(", ")}` : "";
  return `received ${formatReceived(name)}, expected one of the declared roles${shown}${formatNearest(name, known)}`;
}

/** `; did you mean "x"?`, or nothing when nothing known is near. */
export function formatNearest(received: string, known: Iterable<string>): string {
  const nearest = findNearest(received, known, 1)[0];
  return nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`;
}

/** A value for an error message: short, quoted when it is a string. */
export function formatReceived(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (value === null || value === undefined || typeof value === "boolean" || typeof value === "number")
    return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Tells `problems` when `value` is no function, or one that can only answer with a promise or an iterator. */
export function checkSynchronous(path: string, value: unknown, expected: string, problems: Problems): void {
  if (typeof value !== "function") {
    problems.add(path, `received ${formatReceived(value)}, expected a function ${expected}`);
  } else if (Object.prototype.toString.call(value) !== "[object Function]") {
    problems.add(path, `received an async or generator function, expected a synchronous one: ${expected}`);
  }
}
