// Whether channels, defaults and rollouts of a file lead to versions that will be there. Not whether these can be called: a version may have been
// retired since it was pointed to, and a file says what is.
import { isObject, type JsonObject, type JsonValue } from "../kernel/json.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { Path, PathProblem } from "./parse-yaml.ts";

/** What leads nowhere. */
export function checkTargets(name: string, versions: readonly string[], steering: JsonObject): readonly PathProblem[] {
  const problems: PathProblem[] = [];
  const check = (path: Path, target: JsonValue | undefined, known: readonly string[]): void => {
    if (typeof target === "string" && known.includes(target)) return;
    const [near] = typeof target === "string" ? findNearest(target, known, 1) : [];
    const hint = near === undefined ? `there is ${known.slice(0, 20).join(", ") || "none"}` : `did you mean ${near}?`;
    problems.push({
      path: ["tools", name, ...path],
      message: `leads to ${JSON.stringify(target)}, which there is not; ${hint}`,
    });
  };
  const channels = entriesOf(steering["channels"]);
  const defaults = [...versions, "stable", ...channels.map(([channel]) => channel)];
  for (const [channel, version] of channels) check(["channels", channel], version, versions);
  for (const [tenant, target] of entriesOf(steering["tenants"])) check(["tenants", tenant], target, defaults);
  if (steering["default"] !== undefined) check(["default"], steering["default"], defaults);
  for (const kind of ["canary", "shadow"] as const) {
    const rollout = steering[kind];
    if (isObject(rollout)) for (const end of ["version", "of"] as const) check([kind, end], rollout[end], versions);
  }
  return problems;
}

function entriesOf(value: JsonValue | undefined): readonly [string, JsonValue | undefined][] {
  return isObject(value) ? Object.entries(value) : [];
}
