// Checks permissions that are set at run time.
import { TOOL_NAME } from "../tool/tool-ref.ts";
import { createProblems, formatReceived } from "./problems.ts";

/** A frozen copy of `roles`, each once. Throws INVALID_OPTION or UNKNOWN_ROLE with everything that is wrong. */
export function parsePermissions(tool: unknown, roles: unknown, known: ReadonlySet<string>): readonly string[] {
  const problems = createProblems();
  if (typeof tool !== "string" || !TOOL_NAME.test(tool)) {
    const expected = `the name of a tool without a version, such as "orders.get"`;
    problems.add("name", `received ${formatReceived(tool)}, expected ${expected}`);
  }
  const names = new Set<string>();
  if (Array.isArray(roles)) {
    for (const [index, role] of Array.from(roles as readonly unknown[]).entries()) {
      const path = `roles[${index}]`;
      if (typeof role !== "string") problems.add(path, `received ${formatReceived(role)}, expected a role name`);
      else if (known.has(role)) names.add(role);
      else problems.addUnknownRole(path, role, known);
    }
  } else problems.add("roles", `received ${formatReceived(roles)}, expected a list of role names`);
  problems.throwIfAny("The permissions cannot be set.");
  return Object.freeze([...names]);
}
