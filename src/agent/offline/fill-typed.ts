// Arguments that are known by their form: dates, times, months, zones, addresses, arithmetic.
import { MONTHS } from "./calendar.ts";
import { type Filling, getFree, getOpen, put } from "./filling.ts";
import type { Parameter, ParameterRole } from "./parameter.ts";
import type { Entity, EntityKind } from "./span.ts";

const ACCEPTED: Partial<Record<ParameterRole, readonly EntityKind[]>> = {
  dateTime: ["dateTime", "date", "time"],
  date: ["date"],
  time: ["time"],
  month: ["month"],
  zone: ["zone"],
  email: ["email"],
  url: ["url"],
  expression: ["expression"],
};
const MONTH_NAMES = MONTHS.map((month) => `${month.charAt(0).toUpperCase()}${month.slice(1)}`);
const BEFORE_TO = /\b(?:to|until|till|into|and|before)(?: the)? $/i;
const BEFORE_FROM = /\b(?:from|since|after|between)(?: the)? $/i;

/** Takes entities for the parameters of their kind: by what stands before them where there are two ends, else in order. */
export function fillTyped(filling: Filling): void {
  for (const role of Object.keys(ACCEPTED) as ParameterRole[]) {
    const kinds = ACCEPTED[role] ?? [];
    const open = getOpen(filling, (parameter) => parameter.role === role);
    if (open.length === 0) continue;
    const list = open.find(({ isList }) => isList);
    const free = getFree(filling, kinds);
    if (list !== undefined && free.length > 0) {
      put(
        filling,
        list,
        free.map((entity) => toValue(list, entity)),
        "typed",
        ...free,
      );
      continue;
    }
    for (const entity of sortByKind(free, kinds)) takeEntity(filling, open, entity);
  }
  fillLoneNumber(filling);
}

// A date with a time says more than a date for a parameter that takes both.
function sortByKind(entities: readonly Entity[], kinds: readonly EntityKind[]): readonly Entity[] {
  const [best] = kinds;
  const exact = entities.filter(({ kind }) => kind === best);
  return exact.length > 0 ? exact : entities;
}

function takeEntity(filling: Filling, parameters: readonly Parameter[], entity: Entity): void {
  const open = parameters.filter(({ name }) => !filling.found.has(name));
  const before = filling.clause.text.slice(Math.max(0, entity.start - 12), entity.start);
  const side = BEFORE_TO.test(before) ? "to" : BEFORE_FROM.test(before) ? "from" : null;
  const parameter = (side !== null ? open.find((one) => one.side === side) : undefined) ?? open[0];
  if (parameter !== undefined) put(filling, parameter, toValue(parameter, entity), "typed", entity);
}

function toValue(parameter: Parameter, entity: Entity): unknown {
  if (entity.kind !== "month") return entity.value;
  return parameter.isNumeric ? entity.value : MONTH_NAMES[Number(entity.value) - 1];
}

/** "Calculate 5": a number is an expression, too, where nothing else is. */
function fillLoneNumber(filling: Filling): void {
  const [parameter] = getOpen(filling, ({ role, isRequired }) => role === "expression" && isRequired);
  const [number, another] = getFree(filling, ["number"]);
  if (parameter !== undefined && number !== undefined && another === undefined)
    put(filling, parameter, String(number.value), "typed", number);
}
