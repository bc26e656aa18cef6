// Ids of calls as the API accepts them: another model, or an agent that had to tell two calls apart, may have made any text.
// The same id comes out alike wherever it stands in a conversation, and two ids never do.

const ACCEPTED = /^[a-zA-Z0-9_-]+$/;

/** The ids of one conversation; `given` are all that are in it. */
export function createCallIds(given: Iterable<string>): (id: string) => string {
  const byId = new Map<string, string>();
  const all = [...given];
  const taken = new Set(all.filter((id) => ACCEPTED.test(id)));
  for (const id of all) {
    if (byId.has(id)) continue;
    const base = id.replaceAll(/[^a-zA-Z0-9_-]/g, "_") || "call";
    let accepted = base;
    for (let count = 2; accepted !== id && taken.has(accepted); count++) accepted = `${base}_${count}`;
    taken.add(accepted);
    byId.set(id, accepted);
  }
  return (id) => byId.get(id) ?? id;
}
