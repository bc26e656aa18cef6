// How many calls may run at the same time, found out from how long they take: when they take longer than usual, they wait
// for one another behind us, and fewer would get as much done. The gradient algorithm of Netflix (concurrency-limits,
// Gradient2) and Envoy (adaptive concurrency): the limit moves towards itself times how far calls are from their usual
// time, plus its square root, the room in which it looks for more.
// INVARIANT: a usual time that was left behind is measured anew, among half as many calls. A mere average would follow an
// overload until it looked usual: "holds its ground in an overload that lasts an hour" in adaptive-limit.test.ts.
import type { Clock } from "../kernel/clock.ts";
import type { BulkheadPolicy, Complete } from "../tool/resilience.ts";

export interface AdaptiveLimit {
  /** A whole number, `min` to `max`. */
  readonly limit: number;
  /** A call has ended that ran for `durationMs` (0 or more, finite), one of `running` that ran, itself included. */
  record(durationMs: number, running: number): void;
}

// A window is at least so long, and has at least so many calls, and as many as run at the same time.
const WINDOW_MS = 100;
const WINDOW_CALLS = 10;
// The usual time rests on a window of its own at first: at least so many calls, and these times the limit. With five
// times the limit it came out so short, where one call in five takes a hundred times longer, that nothing seemed usual.
const FIRST_CALLS = 50;
const FIRST_ROUNDS = 10;
/** The most to begin with: the usual time is best measured before there is a crowd. */
const FIRST_LIMIT = 20;
/** Up to this much longer is chance, and slowly becomes usual. */
const NEAR = 1.25;
/** Up to this much longer lowers nothing. */
const TOLERANCE = 1.5;
const LEAST_GRADIENT = 0.5;
/** Below, differences are the machine's and not the tool's. */
const LEAST_MS = 1;
// How much the latest window counts in the recent time, and that in the usual one. The least average of the last minutes
// would not do as the usual one: of a thousand windows one is short by luck, and the limit falls for nothing.
const RECENT_WEIGHT = 0.2;
const USUAL_WEIGHT = 0.05;
/** How far the limit goes at once: what a window shows is the work of limits before the present one. */
const STEP = 0.5;
/** After so long without the usual time it is measured anew. */
const BELIEVED_MS = 120_000;

type Bounds = Pick<Complete<BulkheadPolicy>, "min" | "max">;

/**
 * Creates a limit that begins at half of `max`, or 20 if that is less, and at least `min`. Slow calls bring it down to 4,
 * where the square root outweighs every gradient; below that only measuring anew does.
 */
export function createAdaptiveLimit(bounds: Bounds, clock: Clock): AdaptiveLimit {
  return new GradientLimit(bounds, clock);
}

class GradientLimit implements AdaptiveLimit {
  limit = 1;
  readonly #bounds: Bounds;
  readonly #clock: Clock;
  /** The limit with its fraction. */
  #exact = 1;
  /** 0: not known. */
  #usualMs = 0;
  #recentMs = 0;
  /** When calls last took their usual time. */
  #seenAt = 0;
  /** Calls that began earlier are not counted, and of the others not the first to end: those are the shortest. */
  #countsFrom = 0;
  #skip = 0;
  // The window: when it began, and what has ended in it.
  #beganAt = 0;
  #calls = 0;
  #sumMs = 0;
  #mostRunning = 0;

  constructor(bounds: Bounds, clock: Clock) {
    this.#bounds = bounds;
    this.#clock = clock;
    this.#measureAnew(clock.monotonic(), Math.min(FIRST_LIMIT, bounds.max / 2));
  }

  record(durationMs: number, running: number): void {
    const now = this.#clock.monotonic();
    if (now - durationMs < this.#countsFrom) return;
    if (this.#skip > 0) {
      this.#skip--;
      this.#beganAt = now;
      return;
    }
    this.#calls++;
    this.#sumMs += durationMs;
    if (running > this.#mostRunning) this.#mostRunning = running;
    if (this.#calls < this.#wantedCalls() || now - this.#beganAt < WINDOW_MS) return;
    const averageMs = Math.max(LEAST_MS, this.#sumMs / this.#calls);
    this.#compare(averageMs, now);
    if (now - this.#seenAt < BELIEVED_MS) this.#adjust(averageMs, now);
    else this.#measureAnew(now, this.#exact / 2);
  }

  #wantedCalls(): number {
    return this.#usualMs === 0 ? Math.max(FIRST_CALLS, FIRST_ROUNDS * this.limit) : Math.max(WINDOW_CALLS, this.limit);
  }

  #compare(averageMs: number, now: number): void {
    if (this.#usualMs === 0) this.#usualMs = this.#recentMs = averageMs;
    this.#recentMs += RECENT_WEIGHT * (averageMs - this.#recentMs);
    if (this.#recentMs > this.#usualMs * NEAR) return;
    this.#seenAt = now;
    this.#usualMs += USUAL_WEIGHT * (this.#recentMs - this.#usualMs);
  }

  #adjust(averageMs: number, now: number): void {
    // The lesser of both: one slow window may be chance, and after one good window it is over.
    const timeMs = Math.min(averageMs, this.#recentMs);
    const gradient = Math.min(1, Math.max(LEAST_GRADIENT, (this.#usualMs * TOLERANCE) / timeMs));
    const aim = this.#exact * gradient + Math.sqrt(this.#exact);
    // A limit that nobody reached is not what holds calls back: raising it would say nothing.
    if (aim < this.#exact || this.#mostRunning >= this.limit) this.#set(this.#exact + STEP * (aim - this.#exact));
    this.#beginWindow(now);
  }

  #measureAnew(now: number, limit: number): void {
    this.#set(limit);
    this.#usualMs = 0;
    this.#seenAt = now;
    this.#countsFrom = now;
    this.#skip = this.limit;
    this.#beginWindow(now);
  }

  #beginWindow(now: number): void {
    this.#beganAt = now;
    this.#calls = 0;
    this.#sumMs = 0;
    this.#mostRunning = 0;
  }

  #set(limit: number): void {
    this.#exact = Math.min(this.#bounds.max, Math.max(this.#bounds.min, limit));
    this.limit = Math.floor(this.#exact);
  }
}
