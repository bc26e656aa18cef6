// Where references without an exact version lead: channels, defaults and rollouts of one tool. Immutable; a tool that has none of
// it shares one empty steering, so that thousands of plain tools weigh nothing more.
import type { Change } from "../ports/catalog-store.ts";
import type { RolloutKind } from "../tool/tool-version.ts";

/** Who takes part in a rollout: everybody who is named, and `percent` of the others. */
export interface Audience {
  /** 0 to 100. */
  readonly percent: number;
  readonly principals: readonly AudienceMember[];
  readonly tenants: readonly string[];
  /** Held directly or through another role. */
  readonly roles: readonly string[];
  /** What the draw depends on beside the principal and the tool. */
  readonly salt: string;
}

export interface AudienceMember {
  readonly tenant: string;
  readonly id: string;
}

/** `canary`: `version` answers in place of `of`. `shadow`: it runs after `of` has answered, and what it gives is only compared. */
export interface Rollout extends Change {
  readonly kind: RolloutKind;
  readonly version: string;
  readonly of: string;
  readonly audience: Audience;
  /** Why it stands although its contract breaks that of `of`; null: it does not break it. */
  readonly forced: string | null;
}

/** A canary that has become what everybody gets, and what was there before. */
export interface Promotion extends Change {
  readonly version: string;
  readonly of: string;
  /** Whether the version was staged before. */
  readonly staged: boolean;
  /** Pointers that led to `of` before. */
  readonly channels: readonly string[];
  readonly tenants: readonly string[];
  /** Whether the default was moved, and what it was. */
  readonly moved: { readonly from: string | null } | null;
}

export interface Steering {
  /** Versions by channel; without `stable`, that is the highest active release. */
  readonly channels: ReadonlyMap<string, string>;
  /** What a bare name means: a version or a channel; null: `stable`. */
  readonly defaultTo: string | null;
  /** The same for the principals of one tenant. */
  readonly tenants: ReadonlyMap<string, string>;
  readonly canary: Rollout | null;
  readonly shadow: Rollout | null;
  readonly promotion: Promotion | null;
}

const NO_POINTERS: ReadonlyMap<string, string> = new Map();

export const NO_STEERING: Steering = Object.freeze({
  channels: NO_POINTERS,
  defaultTo: null,
  tenants: NO_POINTERS,
  canary: null,
  shadow: null,
  promotion: null,
});

/** A target of a default that is a channel; anything else is a version. */
export function isChannel(target: string): boolean {
  return !/^\d/.test(target);
}

/** `steering` without the pointers to versions that `isHidden`: for who must not know of them, they do not exist. */
export function withoutHidden(steering: Steering, isHidden: (version: string) => boolean): Steering {
  if (steering === NO_STEERING) return steering;
  const { defaultTo } = steering;
  const channels = new Map([...steering.channels].filter(([, version]) => !isHidden(version)));
  const leads = (target: string): boolean =>
    isChannel(target) ? target === "stable" || channels.has(target) : !isHidden(target);
  return {
    ...steering,
    channels,
    defaultTo: defaultTo !== null && leads(defaultTo) ? defaultTo : null,
    tenants: new Map([...steering.tenants].filter(([, target]) => leads(target))),
  };
}
