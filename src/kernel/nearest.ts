// "Did you mean …?": the known names closest to what was received.
import { distance } from "fastest-levenshtein";

const MAX_LENGTH = 128;

/** Names, ready to be searched for near ones again and again. */
export interface NameIndex {
  /** As `findNearest` gives them. Looks only at names of about the same length. */
  nearest(received: string, limit?: number): readonly string[];
}

interface Indexed {
  readonly name: string;
  readonly lower: string;
}

/** Prepares `names` for many questions. */
export function createNameIndex(names: Iterable<string>): NameIndex {
  const byLength = new Map<number, Indexed[]>();
  for (const name of names) {
    const bucket = byLength.get(name.length);
    if (bucket === undefined) byLength.set(name.length, [{ name, lower: name.toLowerCase() }]);
    else bucket.push({ name, lower: name.toLowerCase() });
  }
  return {
    nearest(received, limit = 3) {
      if (received.length === 0 || received.length > MAX_LENGTH) return [];
      const wanted = received.toLowerCase();
      const found: { readonly name: string; readonly edits: number }[] = [];
      for (const [length, bucket] of byLength) {
        const allowed = toAllowedEdits(Math.max(received.length, length));
        if (Math.abs(received.length - length) > allowed) continue;
        for (const { name, lower } of bucket) {
          const edits = distance(wanted, lower);
          if (edits <= allowed) found.push({ name, edits });
        }
      }
      found.sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
      return found.slice(0, limit).map(({ name }) => name);
    },
  };
}

/**
 * The names of `known` nearest to `received`, best first, at most `limit` of them; none when nothing is near
 * (more than a third of the letters differ). Case does not count. `received` beyond 128 characters has no neighbours.
 */
export function findNearest(received: string, known: Iterable<string>, limit = 3): readonly string[] {
  return createNameIndex(known).nearest(received, limit);
}

// One edit of a name of two letters makes another name, not a slip.
function toAllowedEdits(longest: number): number {
  return longest < 3 ? 0 : Math.max(1, Math.floor(longest / 3));
}
