// The circuit breaker: leaves a tool alone that keeps failing, and lets a few probes through to see whether it is back.
//
//   closed ──(strategy)──▶ open ──(time over, next call)──▶ half-open ──(a probe succeeds)──▶ closed
//                           ▲───────(a probe fails: twice the time)───┘
//
// INVARIANT: a permit counts only in the generation it was given in, and every change of state begins a new one: what was
// admitted before says nothing about now. breaker-model.test.ts walks through all states.
import type { Clock } from "../kernel/clock.ts";
import type { BreakerPolicy, Complete } from "../tool/resilience.ts";
import type { BreakerStrategy } from "./breaker-strategy.ts";
import { createConsecutive } from "./consecutive.ts";
import { createSampling } from "./sampling.ts";

export type BreakerState = "closed" | "open" | "half-open";

/** Each permit goes back once, through one of `succeed`, `fail` and `ignore`: a probe that never does keeps its place. */
export interface Breaker {
  /** Reading changes nothing: "open" until a call comes after its time, and is a probe. */
  readonly state: BreakerState;
  /**
   * Milliseconds until the next probe may go; 0 when a call would be admitted now. While all probes are out nobody knows:
   * the time until it is worth asking again, at most a second.
   */
  readonly retryAfterMs: number;
  /** 0: refused. Otherwise a permit, 1 or more. */
  admit(): number;
  succeed(permit: number): void;
  fail(permit: number): void;
  /** No verdict: the call was cancelled, or refused further in. A probe's place is free again. */
  ignore(permit: number): void;
}

/** A refused call learns soon after whether the probe closed the breaker, or for how long it stays open. */
const ASK_AGAIN_MS = 1_000;

/**
 * Creates a closed breaker. `onChange` is told each new state after the change is complete, so it may use the breaker; it
 * must not throw.
 */
export function createBreaker(
  policy: Complete<BreakerPolicy>,
  clock: Clock,
  onChange?: (state: BreakerState) => void,
): Breaker {
  return new CircuitBreaker(policy, clock, onChange ?? null);
}

class CircuitBreaker implements Breaker {
  state: BreakerState = "closed";
  readonly #policy: Complete<BreakerPolicy>;
  readonly #clock: Clock;
  readonly #onChange: ((state: BreakerState) => void) | null;
  #strategy: BreakerStrategy;
  #generation = 1;
  /** How long it stays open the next time. */
  #openMs: number;
  #openUntil = 0;
  /** Probes out, in half-open. */
  #probes = 0;

  constructor(policy: Complete<BreakerPolicy>, clock: Clock, onChange: ((state: BreakerState) => void) | null) {
    this.#policy = policy;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#strategy = createStrategy(policy, clock);
    this.#openMs = policy.openMs;
  }

  get retryAfterMs(): number {
    switch (this.state) {
      case "closed":
        return 0;
      case "open":
        return Math.max(0, this.#openUntil - this.#clock.monotonic());
      case "half-open":
        return this.#probes < this.#policy.probes ? 0 : Math.min(this.#policy.openMs, ASK_AGAIN_MS);
    }
  }

  admit(): number {
    switch (this.state) {
      case "closed":
        return this.#generation;
      case "open":
        return this.#clock.monotonic() < this.#openUntil ? 0 : this.#beginProbing();
      case "half-open":
        if (this.#probes >= this.#policy.probes) return 0;
        this.#probes++;
        return this.#generation;
    }
  }

  succeed(permit: number): void {
    if (permit !== this.#generation) return;
    if (this.state === "closed") this.#strategy.succeed();
    else this.#close();
  }

  fail(permit: number): void {
    if (permit !== this.#generation) return;
    if (this.state === "half-open") this.#open();
    else if (this.#strategy.fail()) this.#open();
  }

  ignore(permit: number): void {
    if (permit === this.#generation && this.state === "half-open") this.#probes--;
  }

  #beginProbing(): number {
    this.#probes = 1;
    // `onChange` may change the state again: this probe's permit is of the generation that begins here.
    const permit = this.#generation + 1;
    this.#enter("half-open");
    return permit;
  }

  #open(): void {
    this.#openUntil = this.#clock.monotonic() + this.#openMs;
    this.#openMs = Math.min(this.#openMs * 2, this.#policy.maxOpenMs);
    this.#enter("open");
  }

  #close(): void {
    this.#openMs = this.#policy.openMs;
    this.#strategy = createStrategy(this.#policy, this.#clock);
    this.#enter("closed");
  }

  /** The last thing of every change: nothing may follow that `onChange` could have overtaken. */
  #enter(state: BreakerState): void {
    this.state = state;
    this.#generation++;
    this.#onChange?.(state);
  }
}

function createStrategy(policy: Complete<BreakerPolicy>, clock: Clock): BreakerStrategy {
  return policy.kind === "sampling" ? createSampling(policy, clock) : createConsecutive(policy);
}
