// How long to wait before a repeat. The whole delay is drawn, not a part of it: callers that failed together must not come
// back together. "Full jitter": AWS Architecture Blog, "Exponential Backoff And Jitter" (2015).
import type { Random } from "../kernel/random.ts";
import type { Complete, RetryPolicy } from "../tool/resilience.ts";

// 2^20 times the least base is over the largest cap; further doublings would only lead to Infinity.
const MAX_DOUBLINGS = 20;

/**
 * Milliseconds before repeat number `repeat` (1: the first), with fraction: drawn from 0 up to `baseMs` × 2^(repeat - 1)
 * or `capMs`, whichever is less. `retryAfterMs` is what the upstream asked for, 0 or more, null when it did not: then never
 * earlier than that, cap or no cap, and up to `baseMs` later, because everybody was told the same time.
 */
export function toDelayMs(
  policy: Complete<RetryPolicy>,
  repeat: number,
  random: Random,
  retryAfterMs: number | null,
): number {
  const { baseMs, capMs } = policy;
  // Not a number or negative: a time that was not understood is no time.
  if (retryAfterMs !== null && retryAfterMs >= 0) return retryAfterMs + random.next() * baseMs;
  return random.next() * Math.min(capMs, baseMs * 2 ** Math.min(repeat - 1, MAX_DOUBLINGS));
}
