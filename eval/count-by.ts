// How often each text occurs, most often first; alike, in the order of the alphabet.

export type Counts = readonly { readonly what: string; readonly count: number }[];

export function countBy(texts: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([what, count]) => ({ what, count }))
    .sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
}
