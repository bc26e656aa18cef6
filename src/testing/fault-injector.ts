// A fault injector for users' own tests: work that is late, fails, hangs, or loses its answer after it was done, as often
// as asked and the same way for the same seed.
import type { AnyTool } from "../tool/definition.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Random } from "../kernel/random.ts";
import type { FaultKind, FaultOptions } from "./fault-options.ts";
import { type FaultSettings, readFaultOptions } from "./read-fault-options.ts";
import { createUnreliableView, type MethodOf, type Unreliable } from "./unreliable-view.ts";
import { type FaultCounts, Strike } from "./strike.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { toUnreliableTool } from "./unreliable-tool.ts";

/**
 * Calls of everything that one injector wraps are numbered together, in the order in which they begin. A delay or a hang
 * ends with the `AbortSignal` that the call was given, as an argument or as the `signal` of one, and rejects with its reason;
 * a hang without one never ends. Work that fails by itself has committed nothing: its own error comes through.
 */
export interface FaultInjector {
  /** The same function with faults. `this` is passed on. */
  wrap<This, A extends unknown[], T>(
    work: (this: This, ...args: A) => MaybePromise<T>,
  ): (this: This, ...args: A) => Promise<T>;
  /**
   * A view of `object`: the named methods have faults, everything else is the object's. Methods run on the object itself,
   * also when they are taken off the view. Throws INVALID_OPTION when the object has no such method.
   */
  wrapMethods<T extends object, K extends MethodOf<T>>(object: T, methods: readonly K[]): Unreliable<T, K>;
  /**
   * The same tool, its handler with faults: before its first step or after its last. Its digest stays what it was. The
   * handler is an async generator, whatever it was before; a registry runs both.
   */
  tool<T extends AnyTool>(tool: T): T;
  /** As they are now. A fault counts when it strikes: one after the work, when the work has succeeded. */
  readonly counts: FaultCounts;
  /** Whether faults strike. Calls are numbered either way, and one that hangs goes on hanging. True at the start. */
  enabled: boolean;
}

/** Creates a fault injector. Throws INVALID_OPTION that lists every problem. */
export function createFaultInjector(options: FaultOptions): FaultInjector {
  return new SeededFaults(readFaultOptions(options));
}

class SeededFaults implements FaultInjector {
  enabled = true;
  readonly #settings: FaultSettings;
  readonly #random: Random;
  readonly #counts = { calls: 0, latency: 0, error: 0, hang: 0, dropAfterCommit: 0, hangAfterCommit: 0 };

  constructor(settings: FaultSettings) {
    this.#settings = settings;
    this.#random = createSeededRandom(settings.seed);
  }

  get counts(): FaultCounts {
    return { ...this.#counts };
  }

  wrap<This, A extends unknown[], T>(
    work: (this: This, ...args: A) => MaybePromise<T>,
  ): (this: This, ...args: A) => Promise<T> {
    const begin = (): Strike | null => this.#begin();
    return async function unreliable(this: This, ...args: A): Promise<T> {
      const strike = begin();
      const delay = strike?.before(args) ?? null;
      if (delay !== null) await delay;
      const answer = await work.apply(this, args);
      if (strike !== null) await strike.after(args);
      return answer;
    };
  }

  wrapMethods<T extends object, K extends MethodOf<T>>(object: T, methods: readonly K[]): Unreliable<T, K> {
    return createUnreliableView(object, methods, (work) => this.wrap(work));
  }

  tool<T extends AnyTool>(tool: T): T {
    return toUnreliableTool(tool, () => this.#begin());
  }

  // INVARIANT: two numbers for each call, whatever comes of it, so that call n depends on the seed and on n alone: "the
  // fault of a call depends on the seed and its number alone" in fault-injector.test.ts.
  #begin(): Strike | null {
    const call = ++this.#counts.calls;
    const drawn = this.#random.next();
    const spread = this.#random.next();
    const kind = this.enabled ? decideFault(this.#settings.rates, drawn) : null;
    return kind === null ? null : new Strike(this.#settings, { kind, call, spread }, (of) => this.#counts[of]++);
  }
}

/** Each fault has a stretch of [0, 1) as long as its rate, one after the other. */
function decideFault(rates: FaultSettings["rates"], drawn: number): FaultKind | null {
  let end = 0;
  for (const [kind, rate] of rates) {
    end += rate;
    if (drawn < end) return kind;
  }
  return null;
}
