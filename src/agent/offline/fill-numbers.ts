// Numbers: each goes to the parameter that the words around it speak of; what nothing claims goes by order.
import { type Filling, getFree, getOpen, put } from "./filling.ts";
import type { Parameter } from "./parameter.ts";
import { type Entity, isTaken } from "./span.ts";

const BY_NAME = 3;
const BY_DESCRIPTION = 1;
const BACKWARDS = new Set(["before", "ago", "earlier", "back", "minus", "prior"]);

/** Takes numbers for numeric parameters. */
export function fillNumbers(filling: Filling): void {
  const open = getOpen(filling, ({ role }) => role === "number" || role === "month");
  const list = open.find(({ isList }) => isList);
  const free = getFree(filling, ["number"]);
  if (list !== undefined && free.length > 0) {
    put(
      filling,
      list,
      free.map(({ value }) => value),
      "typed",
      ...free,
    );
    return;
  }
  takeClaimed(
    filling,
    open.filter(({ isList }) => !isList),
  );
  takeInOrder(filling);
}

/** The best claim first, so that `3 dice with 20 sides` comes out right whatever the order of the parameters. */
function takeClaimed(filling: Filling, parameters: readonly Parameter[]): void {
  const claims = getFree(filling, ["number"]).flatMap((number) =>
    parameters.map((parameter) => ({ number, parameter, claim: toClaim(filling, number, parameter) })),
  );
  const taken = new Set<Entity>();
  for (const { number, parameter } of claims.filter((one) => one.claim > 0).sort((a, b) => b.claim - a.claim)) {
    if (taken.has(number) || filling.found.has(parameter.name)) continue;
    taken.add(number);
    put(filling, parameter, toSigned(filling, number, parameter), "typed", number);
  }
}

function toClaim({ clause, used }: Filling, number: Entity, { nameStems, descriptionStems }: Parameter): number {
  const after = clause.words.find((word) => word.start >= number.end && !isTaken(word, used))?.stem ?? "";
  const before = clause.words.findLast(({ end }) => end <= number.start)?.stem ?? "";
  const claim = (stem: string): number =>
    stem === "" ? 0 : nameStems.includes(stem) ? BY_NAME : descriptionStems.includes(stem) ? BY_DESCRIPTION : 0;
  // What is counted stands after its number; what is set before it.
  return Math.max(claim(after), claim(before) * 0.9);
}

function takeInOrder(filling: Filling): void {
  const isPlain = ({ role, isList }: Parameter): boolean => (role === "number" || role === "month") && !isList;
  const required = getOpen(filling, (parameter) => isPlain(parameter) && parameter.isRequired);
  for (const parameter of required) {
    const [number] = getFree(filling, ["number"]);
    if (number !== undefined) put(filling, parameter, toSigned(filling, number, parameter), "typed", number);
  }
  const [optional, anotherOptional] = getOpen(filling, isPlain);
  const [number, anotherNumber] = getFree(filling, ["number"]);
  // One number and one parameter that could mean it; more would be guessing.
  if (optional === undefined || anotherOptional !== undefined || number === undefined || anotherNumber !== undefined)
    return;
  if (!optional.isRequired) put(filling, optional, toSigned(filling, number, optional), "typed", number);
}

/** `30 days before …` for a parameter that takes negative numbers. */
function toSigned({ clause }: Filling, { value, end }: Entity, { schema }: Parameter): unknown {
  const { minimum } = schema;
  if (typeof value !== "number" || value <= 0 || typeof minimum !== "number" || minimum >= 0) return value;
  const next = clause.words.filter(({ start }) => start >= end).slice(0, 2);
  return next.some(({ text }) => BACKWARDS.has(text.toLowerCase())) ? -value : value;
}
