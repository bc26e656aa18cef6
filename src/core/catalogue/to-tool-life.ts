// The life of a tool as plain data, out of what the registry holds.
import { type Catalogue, compareVersions, type Rollout, type ToolEntry } from "../../registry/index.ts";
import type { ChannelPointer, DefaultPointer, RolloutState, ToolLife, VersionLife } from "./tool-life.ts";

/** The life of `tool`. */
export function toToolLife(tool: ToolEntry, { marks }: Catalogue): ToolLife {
  const here = tool.versions.map((entry): VersionLife => {
    const { status, deprecation, change } = entry;
    const { version, digest } = entry.tool.version;
    const calledAt = entry.calledAt ?? marks.calledAt(entry.tool);
    return { version, digest, status, deprecation, here: true, calledAt, change };
  });
  const elsewhere = tool.absent.map(({ version, digest, status, deprecation, calledAt, change }): VersionLife => {
    return { version, digest, status, deprecation, here: false, calledAt, change };
  });
  return {
    name: tool.name,
    revision: tool.revision,
    change: tool.change,
    versions: [...here, ...elsewhere].sort((one, other) => compareVersions(one.version, other.version)),
    channels: listChannels(tool),
    defaults: listDefaults(tool),
    rollouts: listRollouts(tool),
  };
}

export function listChannels({ steering }: ToolEntry): readonly ChannelPointer[] {
  return [...steering.channels].map(([channel, version]) => ({ channel, version })).sort(by("channel"));
}

export function listDefaults({ steering: { defaultTo, tenants } }: ToolEntry): readonly DefaultPointer[] {
  return [
    ...(defaultTo === null ? [] : [{ tenant: null, target: defaultTo }]),
    ...[...tenants].map(([tenant, target]) => ({ tenant, target })).sort(by("tenant")),
  ];
}

export function listRollouts(tool: ToolEntry): readonly RolloutState[] {
  const { canary, shadow } = tool.steering;
  return [canary, shadow].flatMap((rollout) => (rollout === null ? [] : [toRolloutState(tool, rollout)]));
}

function toRolloutState(tool: ToolEntry, rollout: Rollout): RolloutState {
  const { kind, version, of, audience, forced, at, by: who, reason } = rollout;
  const { percent, principals, tenants, roles } = audience;
  const isThere = (wanted: string): boolean =>
    tool.versions.some((entry) => entry.tool.version.version === wanted && entry.status !== "retired");
  return {
    tool: tool.name,
    kind,
    version,
    of,
    standing: isThere(version) && isThere(of),
    ...{ percent, principals, tenants, roles, forced },
    change: { at, by: who, reason },
  };
}

function by<K extends string>(field: K): (a: Readonly<Record<K, string>>, b: Readonly<Record<K, string>>) => number {
  return (a, b) => (a[field] < b[field] ? -1 : 1);
}
