// A version goes for good. Pure: null when it was the last one of its tool.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Change } from "../../ports/catalog-store.ts";
import { type ToolEntry, withChange } from "../entry.ts";
import type { Steering } from "../steering.ts";
import { findLife } from "./change-status.ts";

/** `tool` without the version. Throws STATE_CONFLICT when it was called, or something leads to it. */
export function removeVersion(tool: ToolEntry, version: string, change: Change): ToolEntry | null {
  const { calledAt } = findLife(tool, version);
  const why =
    calledAt === null
      ? findUse(tool.steering, version)
      : "it was called, and what was called stays on record; retire it instead";
  if (why !== null) throw new ToolyardError("STATE_CONFLICT", `delete: ${tool.name}@${version}: ${why}`);
  const versions = tool.versions.filter((entry) => entry.tool.version.version !== version);
  const absent = tool.absent.filter((one) => one.version !== version);
  if (versions.length + absent.length === 0) return null;
  return withChange(tool, change, { versions, absent, steering: withoutPromotion(tool.steering, version) });
}

/** What leads to the version; null: nothing. */
function findUse({ channels, tenants, defaultTo, canary, shadow }: Steering, version: string): string | null {
  const channel = findKey(channels, version);
  if (channel !== null) return `the channel ${channel} leads to it`;
  const tenant = findKey(tenants, version);
  if (tenant !== null) return `it is the default of the tenant ${tenant}`;
  if (defaultTo === version) return "it is the default";
  const rollout = [canary, shadow].find((one) => one?.version === version || one?.of === version);
  return rollout ? `it takes part in a ${rollout.kind}; stop it first` : null;
}

function findKey(pointers: ReadonlyMap<string, string>, version: string): string | null {
  for (const [key, target] of pointers) if (target === version) return key;
  return null;
}

/** A promotion that could not be taken back any more is forgotten. */
function withoutPromotion(steering: Steering, version: string): Steering {
  const { promotion } = steering;
  return promotion?.version === version || promotion?.of === version ? { ...steering, promotion: null } : steering;
}
