// Streams cut anew: what is assembled must not depend on where a server cuts.
import fc from "fast-check";

export async function* toStream(events: readonly unknown[]): AsyncGenerator<unknown> {
  for (const event of events) yield event;
}

/** `text` in pieces, cut at some of its places; empty pieces too. */
export function piecesOf(text: string): fc.Arbitrary<readonly string[]> {
  return fc.array(fc.nat({ max: text.length }), { maxLength: 8 }).map((cuts) => {
    const ends = [...cuts.sort((a, b) => a - b), text.length];
    return ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
  });
}

/** The lists mixed, each in its own order. */
export function interleaved<T>(lists: readonly (readonly T[])[]): fc.Arbitrary<readonly T[]> {
  const turns = lists.flatMap((list, index) => list.map(() => index));
  return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
    const next = lists.map(() => 0);
    return order.flatMap((index) => {
      const at = next[index] ?? 0;
      next[index] = at + 1;
      const item = lists[index]?.[at];
      return item === undefined ? [] : [item];
    });
  });
}
