// Which versions have been called: what was called is never deleted. Belongs to the published version, not to its state, and so
// outlives every change of that.
import type { PublishedTool } from "../tool/tool-version.ts";

/** What is known of one version. */
export interface CallMark {
  /** When it was first called, epoch ms; null: never, as far as is known. */
  calledAt: number | null;
  /** Whether the store knows: from then on no call asks again. */
  kept: boolean;
  /** While the store is being told. */
  pending: Promise<void> | null;
}

export interface CallMarks {
  /** The mark of `tool`; at the first question, `calledAt` is what the catalogue knows. */
  of(tool: PublishedTool, calledAt: number | null): CallMark;
  /** When `tool` was first called by this process, as far as is known; null: not. */
  calledAt(tool: PublishedTool): number | null;
}

/** Creates marks of no version. */
export function createCallMarks(): CallMarks {
  const marks = new WeakMap<PublishedTool, CallMark>();
  return {
    of(tool, calledAt) {
      let mark = marks.get(tool);
      if (mark === undefined) {
        mark = { calledAt, kept: calledAt !== null, pending: null };
        marks.set(tool, mark);
      }
      return mark;
    },
    calledAt: (tool) => marks.get(tool)?.calledAt ?? null,
  };
}
