// An alternative in a few words, for a message.
import type { Atom } from "./atom.ts";
import { toShown } from "./difference.ts";

const MAX_NAMES = 4;

/** Such as `string`, `"card" or "cash"`, `object with kind, amount`. */
export function describeAtom({ types, values, members }: Atom): string {
  if (values !== null) return values.slice(0, MAX_NAMES).map(toShown).join(" or ");
  const words = [...types].join(" or ");
  const names = members.parts.flatMap(({ properties }) => [...properties.keys()]);
  if (!types.has("object") || names.length === 0) return words;
  const shown = names.slice(0, MAX_NAMES).map((name) => toShown(name));
  return `${words} with ${shown.join(", ")}${names.length > MAX_NAMES ? " and more" : ""}`;
}
