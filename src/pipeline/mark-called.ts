// Remembers that a version was called, before its handler is entered for the first time: what was called is never deleted, and
// whoever deletes must not be faster. Once for each version and process; later calls pay for one comparison.
import { isPromiseLike, type MaybePromise } from "../kernel/maybe-promise.ts";
import { withinTime } from "./deadline.ts";
import type { Call } from "./call.ts";
import type { Plan } from "./plan.ts";

/** A store that does not answer holds a version's first call so long, and no other. */
const STORE_MS = 250;

/** Marks the version of `plan`. A store that fails is reported, and asked again by the next call. */
export function markCalled(call: Call, plan: Plan): MaybePromise<void> {
  const { mark, version, environment } = plan;
  const { clock, catalogue, report } = environment;
  if (mark.kept) return undefined;
  mark.calledAt ??= clock.now();
  if (catalogue.store === null || version.name.startsWith("toolyard.")) {
    mark.kept = true;
    return undefined;
  }
  if (mark.pending !== null) return mark.pending;
  const fail = (error: unknown): void => {
    mark.pending = null;
    report({ kind: "store.failed", callId: call.id, store: "catalogue", error });
  };
  try {
    const kept = catalogue.store.markCalled(version.name, version.version, mark.calledAt);
    if (!isPromiseLike(kept)) {
      mark.kept = true;
      return undefined;
    }
    mark.pending = withinTime(clock, STORE_MS, "the catalogue", kept).then(() => {
      mark.kept = true;
      mark.pending = null;
    }, fail);
    return mark.pending;
  } catch (error) {
    fail(error);
    return undefined;
  }
}
