// What is known of the life of a tool's versions, as plain data: for people who decide on it, and for faces that show it.
import type { Change } from "../../ports/catalog-store.ts";
import type { Deprecation, RolloutKind, Status } from "../../tool/tool-version.ts";

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
