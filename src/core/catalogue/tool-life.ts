// What is known of the life of a tool's versions, as plain data: for people who decide on it, and for faces that show it.
import type { Change } from "../../ports/catalog-store.ts";
import {
  type Catalogue,
  compareVersions,
  type Rollout,
  type RolloutKind,
  type ToolEntry,
} from "../../registry/index.ts";
import type { Deprecation, Status } from "../../tool/tool-version.ts";

export interface VersionLife {
  readonly version: string;
  readonly digest: string;
  readonly status: Status;
  readonly deprecation: Deprecation | null;
  /** Whether this process has its code; a stored version without cannot be called here. */
  readonly here: boolean;
  /** When it was first called, epoch ms; null: never, and it may be deleted. */
  readonly calledAt: number | null;
  /** Who brought it into this state, and why. */
  readonly change: Change;
}

export interface ChannelPointer {
  readonly channel: string;
  readonly version: string;
}

export interface DefaultPointer {
  /** null: everybody whose tenant has no default of its own. */
  readonly tenant: string | null;
  /** A version, or a channel. */
  readonly target: string;
}

/** A rollout that stands. */
export interface RolloutState {
  readonly tool: string;
  readonly kind: RolloutKind;
  /** What runs for those who take part. */
  readonly version: string;
  /** What runs for everybody else. */
  readonly of: string;
  /** Whether it has an effect now: both versions are here, and `of` is what is asked for. */
  readonly standing: boolean;
  /** How many of those who are not named, 0 to 100. */
  readonly percent: number;
  readonly principals: readonly { readonly tenant: string; readonly id: string }[];
  readonly tenants: readonly string[];
  readonly roles: readonly string[];
  /** Why it stands although it breaks the contract of `of`; null: it does not. */
  readonly forced: string | null;
  readonly change: Change;
}

export interface ToolLife {
  readonly name: string;
  /** Grows by one with every change of this tool. */
  readonly revision: number;
  /** The last change. */
  readonly change: Change;
  /** Highest first. */
  readonly versions: readonly VersionLife[];
  /** The channels that were set, by name. */
  readonly channels: readonly ChannelPointer[];
  readonly defaults: readonly DefaultPointer[];
  readonly rollouts: readonly RolloutState[];
}

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
