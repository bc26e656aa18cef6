// Role names in a definition that no role has: found at registration, because at a call they would silently fit nobody.
import type { Problem } from "../errors/toolyard-error.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createProblems } from "./problems.ts";

/** Every unknown role name in access, limits and concurrency limits of `tool`. */
export function findUnknownRoles(tool: ToolVersion, roles: ReadonlySet<string>): readonly Problem[] {
  const problems = createProblems();
  const check = (path: string, names: readonly string[] | undefined): void => {
    names?.forEach((name, index) => {
      if (!roles.has(name)) problems.addUnknownRole(`${tool.name}@${tool.version}: ${path}[${index}]`, name, roles);
    });
  };
  check("access.roles", tool.access?.roles);
  tool.limits.forEach((limit, index) => {
    check(`limits[${index}].roles`, limit.roles);
  });
  tool.concurrency.forEach((limit, index) => {
    check(`concurrency[${index}].roles`, limit.roles);
  });
  return problems.list;
}
