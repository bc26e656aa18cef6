// Reads MeteringOptions.
import { readOptions } from "../errors/option-problems.ts";
import type { MeteringOptions } from "./metering.ts";

const DAY_MS = 86_400_000;

/** The options with their defaults. Throws INVALID_OPTION with every problem. */
export function readMeteringOptions(options: MeteringOptions): Required<MeteringOptions> {
  const reader = readOptions("metering", options, ["retentionMs", "byPrincipal", "enabled"]);
  const read = {
    retentionMs: reader.integer("retentionMs", 60_000, 30 * DAY_MS, DAY_MS),
    byPrincipal: reader.boolean("byPrincipal", false),
    enabled: reader.boolean("enabled", true),
  };
  reader.done();
  return read;
}
