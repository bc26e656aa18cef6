// Opens a breaker after so many failures in a row; one success starts the count anew.
import type { Complete, ConsecutiveBreaker } from "../tool/resilience.ts";
import type { BreakerStrategy } from "./breaker-strategy.ts";

/** Creates a count of failures in a row that stands at none. */
export function createConsecutive({ failures }: Pick<Complete<ConsecutiveBreaker>, "failures">): BreakerStrategy {
  return new Consecutive(failures);
}

class Consecutive implements BreakerStrategy {
  readonly #most: number;
  #failed = 0;

  constructor(most: number) {
    this.#most = most;
  }

  succeed(): void {
    this.#failed = 0;
  }

  fail(): boolean {
    this.#failed++;
    return this.#failed >= this.#most;
  }
}
