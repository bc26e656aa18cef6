// A text too long for a model, cut, with a mark at its end that says so and how to get the rest.
// INVARIANT: head and mark together keep within the limit: "keeps within the limit" in render.test.ts.
import { cutToBytes } from "../../call/bounded-text.ts";

/** What is known of the cut. */
export interface Cut {
  /** Bytes of UTF-8 that are shown. */
  readonly shown: number;
  /** Bytes of the whole text. */
  readonly total: number;
  /** Where the head ends, in UTF-16 units: where reading goes on. */
  readonly cursor: number;
}

/** The words of a mark. The larger the figures of the cut, the longer they may be. */
export type ToMark = (cut: Cut) => string;

/**
 * The beginning of `text` and a mark, in at most `maxBytes` bytes of UTF-8. A limit shorter than the mark (under 256) cuts
 * the mark too.
 */
export function cutWithMark(text: string, maxBytes: number, toMark: ToMark): string {
  const total = Buffer.byteLength(text);
  // No figure will be larger than these, so no mark longer.
  const longest = toMark({ shown: maxBytes, total, cursor: text.length });
  const head = cutToBytes(text, maxBytes - Buffer.byteLength(longest));
  return cutToBytes(head + toMark({ shown: Buffer.byteLength(head), total, cursor: head.length }), maxBytes);
}

/** For a text that is kept. */
export function toReadOnMark(reader: string, id: string): ToMark {
  return (cut) => `${toExtent(cut)} Read on with ${reader} ${JSON.stringify({ id, cursor: cut.cursor })}]`;
}

/** For a text that is not kept, or that the principal could not read. */
export const toLostMark: ToMark = (cut) => `${toExtent(cut)} The rest was not kept; ask for less at a time.]`;

/** For a page of a kept text. */
export const toPageMark: ToMark = (cut) => `${toExtent(cut)} Ask again with a smaller "limit".]`;

function toExtent({ shown, total }: Cut): string {
  return `\n[truncated: ${shown.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} bytes shown.`;
}
