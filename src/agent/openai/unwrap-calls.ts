// The calls of an answer, those that a wrapper holds in its place.
import { unwrapParallel } from "../../providers/openai/parallel-wrapper.ts";
import type { WireCall } from "../models/turn-tools.ts";

export interface Unwrapped {
  readonly calls: readonly WireCall[];
  /** Whether any was wrapped, so that the answer cannot go back to the model as it came. */
  readonly changed: boolean;
}

/** The calls, each of its own. */
export function unwrapCalls(calls: readonly WireCall[]): Unwrapped {
  let changed = false;
  const single = calls.flatMap((call) => {
    const inner = unwrapParallel(call.name, call.input);
    if (inner === null) return [call];
    changed = true;
    return inner.map(({ name, input }, index) => ({ id: `${call.id}_${index}`, name, input }));
  });
  return { calls: single, changed };
}
