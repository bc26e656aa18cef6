// Opens a breaker when too large a part of the latest calls failed. The window is a ring of ten buckets, of which the
// newest is still filling: it covers the last nine to ten tenths of `windowMs`, nothing older, at a fixed size.
import type { Clock } from "../kernel/clock.ts";
import type { Complete, SamplingBreaker } from "../tool/resilience.ts";
import type { BreakerStrategy } from "./breaker-strategy.ts";

const BUCKETS = 10;

/** Creates an empty window. It is judged at failures only: a success is no reason to open. */
export function createSampling(
  policy: Pick<Complete<SamplingBreaker>, "ratio" | "windowMs" | "minimumCalls">,
  clock: Clock,
): BreakerStrategy {
  return new Sampling(policy, clock);
}

class Sampling implements BreakerStrategy {
  readonly #ratio: number;
  readonly #bucketMs: number;
  readonly #minimumCalls: number;
  readonly #clock: Clock;
  // Per bucket of the ring, and their sums.
  readonly #calls = new Uint32Array(BUCKETS);
  readonly #failures = new Uint32Array(BUCKETS);
  #allCalls = 0;
  #allFailures = 0;
  /** Number of the newest bucket since the clock's origin; its place in the ring is the last digit. */
  #newest: number;

  constructor(
    { ratio, windowMs, minimumCalls }: Pick<Complete<SamplingBreaker>, "ratio" | "windowMs" | "minimumCalls">,
    clock: Clock,
  ) {
    this.#ratio = ratio;
    this.#bucketMs = windowMs / BUCKETS;
    this.#minimumCalls = minimumCalls;
    this.#clock = clock;
    this.#newest = Math.floor(clock.monotonic() / this.#bucketMs);
  }

  succeed(): void {
    this.#count();
  }

  fail(): boolean {
    const place = this.#count();
    this.#failures[place] = (this.#failures[place] as number) + 1;
    this.#allFailures++;
    return this.#allCalls >= this.#minimumCalls && this.#allFailures >= this.#ratio * this.#allCalls;
  }

  /** Counts a call in the bucket of now, and says which it is. */
  #count(): number {
    this.#forget(Math.floor(this.#clock.monotonic() / this.#bucketMs));
    const place = this.#newest % BUCKETS;
    this.#calls[place] = (this.#calls[place] as number) + 1;
    this.#allCalls++;
    return place;
  }

  /** Empties the buckets between the newest one and `bucket`, which becomes the newest: after a pause all of them. */
  #forget(bucket: number): void {
    const passed = Math.min(bucket - this.#newest, BUCKETS);
    for (let step = 0; step < passed; step++) {
      const place = (bucket - step) % BUCKETS;
      this.#allCalls -= this.#calls[place] as number;
      this.#allFailures -= this.#failures[place] as number;
      this.#calls[place] = 0;
      this.#failures[place] = 0;
    }
    this.#newest = bucket;
  }
}
