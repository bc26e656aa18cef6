// Everything that is wrong with a configuration, at once: first the keys, then what the registry says of the rest.
import type { Problem } from "../../errors/toolyard-error.ts";
import { ToolyardError, createRegistry } from "../../index.ts";
import { isPlainObject, toReceived, toUnknownKeys } from "./check-value.ts";
import type { ToolyardConfig } from "./config.ts";
import { CONFIG_KEYS, type ConfigKey } from "./config-keys.ts";
import { toRegistryOptions } from "./to-registry-options.ts";

/** The problems of a configuration; empty when `value` is a `ToolyardConfig`. */
export function checkConfig(value: unknown): readonly Problem[] {
  if (!isPlainObject(value)) {
    return [
      {
        path: "default export",
        message: `received ${toReceived(value)}, expected the object that defineConfig({ … }) returns`,
      },
    ];
  }
  const rows = Object.entries<ConfigKey>(CONFIG_KEYS);
  const problems: Problem[] = [
    ...toUnknownKeys(
      value,
      rows.map(([name]) => name),
      "",
    ),
  ];
  const sound: Record<string, unknown> = {};
  for (const [name, row] of rows) {
    if (value[name] === undefined) continue;
    const found = row.check(value[name], name);
    problems.push(...found);
    if (found.length === 0) sound[name] = value[name];
  }
  return [...problems, ...checkAudit(sound), ...checkWithRegistry(sound)];
}

/** The trail is in the state or in a file, not in both. */
function checkAudit({ audit, state }: ToolyardConfig): readonly Problem[] {
  if (audit === undefined) return [];
  const problem = (path: string, message: string): Problem => ({ path: `audit.${path}`, message });
  if (state === undefined) {
    const strict = "needs `state`: a file of JSON Lines cannot promise it";
    return [
      ...(audit.path === undefined ? [problem("path", "is missing; expected a path, or `state` beside it")] : []),
      ...(audit.strict === true ? [problem("strict", strict)] : []),
    ];
  }
  const message = "is for a project without `state`, whose database holds the trail; leave one of them out";
  return audit.path === undefined ? [] : [problem("path", message)];
}

// The registry knows best what a role, a grant, a limit or a tool may be. It is thrown away: nothing has been opened.
function checkWithRegistry(config: ToolyardConfig): readonly Problem[] {
  try {
    createRegistry(toRegistryOptions(config));
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    return error.problems.length > 0 ? error.problems : [{ path: "config", message: error.message }];
  }
}
