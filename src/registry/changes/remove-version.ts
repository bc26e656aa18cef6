// A version goes for good. Pure: null when it was the last one of its tool.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Change } from "../../ports/catalog-store.ts";
import { type ToolEntry, withChange } from "../entry.ts";
import { findLife } from "./change-status.ts";

/** `tool` without the version. Throws STATE_CONFLICT when it was called, or something leads to it. */
export function removeVersion(tool: ToolEntry, version: string, change: Change): ToolEntry | null {
  const refuse = (why: string): never => {
    throw new ToolyardError("STATE_CONFLICT", `delete: ${tool.name}@${version}: ${why}`);
  };
  if (findLife(tool, version).calledAt !== null) {
    return refuse("it was called, and what was called stays on record; retire it instead");
  }
  const { channels, tenants, defaultTo, canary, shadow } = tool.steering;
  for (const [channel, target] of channels) if (target === version) refuse(`the channel ${channel} leads to it`);
  for (const [tenant, target] of tenants) if (target === version) refuse(`it is the default of the tenant ${tenant}`);
  if (defaultTo === version) refuse("it is the default");
  for (const rollout of [canary, shadow]) {
    if (rollout?.version === version || rollout?.of === version)
      refuse(`it takes part in a ${rollout.kind}; stop it first`);
  }
  const versions = tool.versions.filter((entry) => entry.tool.version.version !== version);
  const absent = tool.absent.filter((one) => one.version !== version);
  if (versions.length + absent.length === 0) return null;
  const { promotion } = tool.steering;
  const stale = promotion?.version === version || promotion?.of === version;
  return withChange(tool, change, {
    versions,
    absent,
    steering: stale ? { ...tool.steering, promotion: null } : tool.steering,
  });
}
