// The five points where users extend the walk. Each is `null` in a plan when nobody uses it. A hook that throws makes the
// call fail with HOOK_FAILED; it never crashes the process and never lets a call through.
import type { Outcome } from "../call/outcome.ts";
import type { Principal } from "../call/principal.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { ToolVersion } from "../tool/tool-version.ts";

/** What a hook sees of a call. */
export interface HookCall {
  readonly id: string;
  /** The call that called this one; null for one from outside. */
  readonly parentId: string | null;
  readonly tool: ToolVersion;
  readonly principal: Principal;
  /** The validated input; undefined before validation. */
  readonly input: unknown;
  /** Which attempt this is, from 1; 0 before the first. */
  readonly attempt: number;
  readonly idempotencyKey: string | null;
  readonly dryRun: boolean;
}

/** Ends the call with HOOK_REFUSED and this message, which a model may read. */
export interface HookRefusal {
  readonly refuse: string;
}

export interface Hooks {
  /** Before anything about the principal is decided. Also runs in a dry run. */
  beforeAuthorize?(call: HookCall): MaybePromise<HookRefusal | undefined | void>;
  /** After everything was admitted, just before the handler. */
  beforeAttempt?(call: HookCall): MaybePromise<HookRefusal | undefined | void>;
  /**
   * Around each attempt, inside its deadline: once more for every repeat, not for an answer out of the cache. `next` runs
   * the handler and gives its output; what this returns replaces it.
   */
  aroundAttempt?(call: HookCall, next: () => Promise<unknown>): Promise<unknown>;
  /** May replace the outcome before it is metered, audited and answered. */
  afterOutcome?(call: HookCall, outcome: Outcome): MaybePromise<Outcome | undefined | void>;
  /** After the call was metered and audited. Awaited; a failure is an event, the outcome stays. */
  onSettled?(call: HookCall, outcome: Outcome): MaybePromise<void>;
}

/** Several sets of hooks as one, each point null when unused. Compiled once per registry. */
export interface CompiledHooks {
  readonly beforeAuthorize: readonly NonNullable<Hooks["beforeAuthorize"]>[] | null;
  readonly beforeAttempt: readonly NonNullable<Hooks["beforeAttempt"]>[] | null;
  readonly aroundAttempt: readonly NonNullable<Hooks["aroundAttempt"]>[] | null;
  readonly afterOutcome: readonly NonNullable<Hooks["afterOutcome"]>[] | null;
  readonly onSettled: readonly NonNullable<Hooks["onSettled"]>[] | null;
}

/** Compiles hooks; the first set is the outermost around an attempt, and the first to run elsewhere. */
export function compileHooks(hooks: Hooks | readonly Hooks[] | undefined): CompiledHooks {
  const sets: readonly Hooks[] = hooks === undefined ? [] : "length" in hooks ? hooks : [hooks];
  const collect = <K extends keyof Hooks>(point: K): readonly NonNullable<Hooks[K]>[] | null => {
    const found: NonNullable<Hooks[K]>[] = [];
    for (const set of sets) {
      const hook = set[point];
      if (hook !== undefined) found.push(hook.bind(set) as NonNullable<Hooks[K]>);
    }
    return found.length === 0 ? null : found;
  };
  return {
    beforeAuthorize: collect("beforeAuthorize"),
    beforeAttempt: collect("beforeAttempt"),
    aroundAttempt: collect("aroundAttempt"),
    afterOutcome: collect("afterOutcome"),
    onSettled: collect("onSettled"),
  };
}
