// The limits of one tool version, or of questions that name no tool, and how they apply to each principal.
import type { Principal } from "../call/principal.ts";
import { invariant } from "../kernel/invariant.ts";
import { Binding, type BindingSource } from "./binding.ts";
import type { CompiledConcurrency, CompiledLimit } from "./compiled-limit.ts";
import type { LimiterOptions, ToolLimits } from "./limiter.ts";
import type { Overrides } from "./overrides.ts";

export class CompiledToolLimits implements ToolLimits, BindingSource {
  readonly names: readonly string[];
  readonly limits: readonly CompiledLimit[];
  readonly concurrency: readonly CompiledConcurrency[];
  readonly holds: LimiterOptions["holds"];
  readonly overrides: Overrides;
  // By the principal object, which is frozen: gone when it is.
  readonly #bindings = new WeakMap<Principal, Binding>();

  constructor(
    limits: readonly CompiledLimit[],
    concurrency: readonly CompiledConcurrency[],
    holds: LimiterOptions["holds"],
    overrides: Overrides,
  ) {
    this.names = Object.freeze(limits.map(({ name }) => name));
    this.limits = limits;
    this.concurrency = concurrency;
    this.holds = holds;
    this.overrides = overrides;
  }

  /** The limits as they apply to `principal`, made at its first call. */
  bind(principal: Principal): Binding {
    const known = this.#bindings.get(principal);
    if (known !== undefined && known.epoch === this.overrides.epoch) return known;
    const binding = new Binding(this, principal);
    this.#bindings.set(principal, binding);
    return binding;
  }
}

/** The limits behind the opaque `ToolLimits`. */
export function toCompiled(limits: ToolLimits): CompiledToolLimits {
  invariant(limits instanceof CompiledToolLimits, "tool limits are made by a limiter");
  return limits;
}
