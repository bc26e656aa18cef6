// "Did you mean …?": the known names closest to what was received.
import { distance } from "fastest-levenshtein";

const MAX_LENGTH = 128;

/**
 * The names of `known` nearest to `received`, best first, at most `limit` of them; none when nothing is near
 * (more than a third of the letters differ). Case does not count. `received` beyond 128 characters has no neighbours.
 */
export function findNearest(received: string, known: Iterable<string>, limit = 3): readonly string[] {
  if (received.length === 0 || received.length > MAX_LENGTH) return [];
  const wanted = received.toLowerCase();
  const found: { name: string; edits: number }[] = [];
  for (const name of known) {
    const longest = Math.max(wanted.length, name.length);
    // One edit of a name of two letters makes another name, not a slip.
    const allowed = longest < 3 ? 0 : Math.max(1, Math.floor(longest / 3));
    if (Math.abs(wanted.length - name.length) > allowed) continue;
    const edits = distance(wanted, name.toLowerCase());
    if (edits <= allowed) found.push({ name, edits });
  }
  found.sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
  return found.slice(0, limit).map(({ name }) => name);
}
