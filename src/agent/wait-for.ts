// Waiting that ends when nobody waits any more: a model, a hook or a listener that ignores its signal cannot hold a chat.
import type { Clock } from "../kernel/clock.ts";

export type Waited<T> = { readonly aborted: false; readonly value: T } | { readonly aborted: true };

const ABORTED = Object.freeze({ aborted: true });

/** What `work` comes to, or that the signal was aborted before; rejects as `work` does. */
export async function waitFor<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<Waited<T>> {
  const { promise, resolve } = Promise.withResolvers<Waited<T>>();
  const onAbort = (): void => resolve(ABORTED);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work.then((value) => ({ aborted: false, value }) as const), promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Waits `delayMs`. False when the signal was aborted before. */
export async function waitMs(clock: Clock, delayMs: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.setTimer(delayMs, resolve);
  const { aborted } = await waitFor(promise, signal);
  if (aborted) clock.clearTimer(timer);
  return !aborted;
}
