// What a registry tells its listeners.
import type { BreakerChange } from "../tool/resilience.ts";
import type { ResolvedOutcome, UnknownOutcome } from "../ports/outcome-store.ts";
import type { SettingKind } from "../ports/setting-store.ts";

export interface RegistryEvents {
  "tool.published": { readonly name: string; readonly version: string };
  "tool.unregistered": { readonly name: string; readonly version: string };
  "tool.deprecated": { readonly name: string; readonly version: string };
  "tool.retired": { readonly name: string; readonly version: string };
  "tool.restored": { readonly name: string; readonly version: string };
  "tool.activated": { readonly name: string; readonly version: string };
  /** A stored version has another definition from now on, which keeps its contract. */
  "tool.redefined": { readonly name: string; readonly version: string };
  /** A stored version that is data cannot be called here: its source makes no tool of it, or another one than is stored. */
  "tool.unusable": { readonly name: string; readonly version: string; readonly error: unknown };
  "tool.deleted": { readonly name: string; readonly version: string };
  /** A channel or a default leads elsewhere; `channel` null: the default, of `tenant` or (null) of everybody. */
  "channel.changed": {
    readonly name: string;
    readonly channel: string | null;
    readonly tenant: string | null;
    /** A version, or a channel; null: it was taken back. */
    readonly target: string | null;
  };
  "rollout.changed": {
    readonly name: string;
    readonly act: "start" | "stop" | "promote" | "rollback";
    readonly kind: "canary" | "shadow" | null;
    readonly version: string | null;
  };
  "permissions.changed": { readonly name: string };
  "grants.changed": { readonly count: number };
  /** The program declares something else from now on; `tools`: how many it published with it. */
  "registry.redeclared": { readonly tools: number };
  "setting.changed": { readonly kind: SettingKind; readonly id: string };
  /** A handler threw; the caller got a fixed text. */
  "tool.failed": { readonly callId: string; readonly tool: string; readonly version: string; readonly error: unknown };
  "hook.failed": { readonly callId: string; readonly hook: string; readonly error: unknown };
  /** The audit sink failed; the call was answered with a warning. */
  "audit.failed": { readonly callId: string | null; readonly error: unknown };
  /** A breaker has opened, closed, or lets a few calls through. */
  "breaker.changed": BreakerChange;
  /** Nobody knows whether a call had its effect. */
  "outcome.unknown": UnknownOutcome;
  /** Now somebody does. */
  "outcome.resolved": ResolvedOutcome;
  /** What should have stood in for a tool failed as well; the caller got the tool's own failure. */
  "fallback.failed": {
    readonly callId: string;
    readonly tool: string;
    readonly version: string;
    readonly error: unknown;
  };
  /** A store failed. A call that needed its key was refused; one that was over has a warning. */
  "store.failed": {
    readonly callId: string | null;
    readonly store: "idempotency" | "outcomes" | "cache" | "catalogue" | "usage" | "quotas" | "settings";
    readonly error: unknown;
  };
  /** A bug of the registry, or a function of the operator that threw; the caller got a fixed text. */
  "registry.failed": { readonly callId: string; readonly error: unknown };
}
