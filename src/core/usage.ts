// `registry.usage`: of one tool, of one of its versions, or of all that were called.
import type { Environment } from "../pipeline/environment.ts";
import type { Registry } from "./registry.ts";

/** The usage question of a registry. */
export function createUsage({ metering }: Environment): Registry["usage"] {
  const usage = (ref?: string): unknown => (ref === undefined ? metering.usage() : metering.usage(ref));
  return usage as Registry["usage"];
}
