// The limits of one tool version, or of questions that name no tool, and how they apply to each principal.
import type { Principal } from "../call/principal.ts";
import { invariant } from "../kernel/invariant.ts";
import { Binding, type BindingSource } from "./binding.ts";
import type { CompiledConcurrency, CompiledLimit } from "./compiled-limit.ts";
import type { LimiterOptions, ToolLimits } from "./limiter.ts";
import type { Overrides } from "./overrides.ts";

// A principal made for one request is never seen again, and keeping its binding in a WeakMap costs ten times as much as
// making it (4.5 to 16 µs against 0.3, most of it in the garbage collector). One that lives on is kept before long when
// every so many that were not found are kept; a prime, so that no rotation of principals misses it for ever.
const KEPT_OF_MISSED = 17;

export class CompiledToolLimits implements ToolLimits, BindingSource {
  readonly names: readonly string[];
  readonly limits: readonly CompiledLimit[];
  readonly concurrency: readonly CompiledConcurrency[];
  readonly isRole: LimiterOptions["isRole"];
  readonly overrides: Overrides;
  // By the principal object, which is frozen: gone when it is.
  readonly #kept = new WeakMap<Principal, Binding>();
  /** Of the latest call: a call asks twice, for quotas and for slots. */
  #latest: Binding | null = null;
  #missed = 0;

  constructor(
    limits: readonly CompiledLimit[],
    concurrency: readonly CompiledConcurrency[],
    isRole: LimiterOptions["isRole"],
    overrides: Overrides,
  ) {
    this.names = Object.freeze(limits.map(({ name }) => name));
    this.limits = limits;
    this.concurrency = concurrency;
    this.isRole = isRole;
    this.overrides = overrides;
  }

  /** The limits as they apply to `principal`. */
  bind(principal: Principal): Binding {
    const { epoch } = this.overrides;
    const latest = this.#latest;
    if (latest !== null && latest.principal === principal && latest.epoch === epoch) return latest;
    let binding = this.#kept.get(principal);
    if (binding === undefined || binding.epoch !== epoch) {
      const known = binding !== undefined;
      binding = new Binding(this, principal);
      if (known || ++this.#missed % KEPT_OF_MISSED === 0) this.#kept.set(principal, binding);
    }
    this.#latest = binding;
    return binding;
  }
}

/** The limits behind the opaque `ToolLimits`. */
export function toCompiled(limits: ToolLimits): CompiledToolLimits {
  invariant(limits instanceof CompiledToolLimits, "tool limits are made by a limiter");
  return limits;
}
