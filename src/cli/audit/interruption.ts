// Ctrl-C as a signal, for commands that can stop half-way.
import type { CliIo } from "../io.ts";

/** Runs `work` with a signal that a Ctrl-C aborts; null when one did, and the work ended because of it. */
export async function runInterruptibly<T>(io: CliIo, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  const interruption = new AbortController();
  const stop = io.onInterrupt(() => {
    interruption.abort();
  });
  try {
    return await work(interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) return null;
    throw error;
  } finally {
    stop();
  }
}
