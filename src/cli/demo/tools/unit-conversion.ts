// Units by mathjs, restricted to the names of units: its own texts may hold numbers and powers ("5 km", "m^99").
import { findNearest } from "../../../kernel/nearest.ts";
import { ToolError } from "../../../index.ts";

interface Quantity {
  to(unit: string): { toNumber(unit: string): number };
}
type CreateUnit = (value: number, name: string) => Quantity;
interface Units {
  readonly unit: CreateUnit;
  /** Names worth suggesting: units without prefix. */
  readonly names: readonly string[];
}

let loading: Promise<Units> | null = null;

function loadUnits(): Promise<Units> {
  loading ??= import("mathjs").then((mathjs) => {
    const instance = mathjs.create({ unit: mathjs.unitDependencies } as never, {});
    const known = Reflect.get(instance, "Unit") as { UNITS: Readonly<Record<string, unknown>> };
    const names = [...Object.keys(known.UNITS), ...COMMON, ...ALIASES.keys()];
    return { unit: instance.unit as unknown as CreateUnit, names };
  });
  return loading;
}

// What people write and mathjs reads as something else (C is coulomb, F is farad) or not at all.
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["°C", "degC"],
  ["°F", "degF"],
  ["mph", "mi/h"],
  ["kph", "km/h"],
  ["kmh", "km/h"],
  ["µm", "um"],
  ["pound", "lb"],
  ["pounds", "lb"],
]);
const COMMON: readonly string[] = [
  "kilometer",
  "centimeter",
  "millimeter",
  "kilogram",
  "milliliter",
  "km",
  "cm",
  "mm",
  "kg",
  "mg",
  "ml",
  "kWh",
  "MB",
  "GB",
  "hPa",
  "kJ",
];
// A unit, or a quotient or product of two, such as km/h. No digits: no numbers and no powers but squares and cubes.
const UNIT_NAME = /^[A-Za-z]{1,20}(?:\^[23])?(?:[/*][A-Za-z]{1,20}(?:\^[23])?)?$/;

/** `value` of the unit `from` in the unit `to`. Throws a ToolError: UNKNOWN_UNIT or INCOMPATIBLE_UNITS. */
export async function convertUnits(value: number, from: string, to: string): Promise<number> {
  const units = await loadUnits();
  const source = parseUnit(units, from);
  const target = parseUnit(units, to);
  let converted: number;
  try {
    converted = units.unit(value, source).to(target).toNumber(target);
  } catch {
    throw new ToolError("INCOMPATIBLE_UNITS", `${from} and ${to} measure different things, so there is no conversion.`);
  }
  if (!Number.isFinite(converted))
    throw new ToolError("OUT_OF_RANGE", `${value} ${from} is too large to be expressed in ${to}.`);
  return Number(converted.toPrecision(12));
}

function parseUnit(units: Units, name: string): string {
  const alias = ALIASES.get(name) ?? ALIASES.get(name.toLowerCase()) ?? name;
  // British spelling: metres, kilometres, litres.
  const plain = /(?:met|lit)res?$/i.test(alias) ? alias.replace(/re(s?)$/i, "er$1") : alias;
  // Symbols differ by case (mW, MW), words do not.
  const known = [plain, plain.toLowerCase()].find(
    (unit) => (unit === plain || plain.length > 3) && isUnit(units, unit),
  );
  if (known !== undefined) return known;
  const [nearest] = findNearest(name, units.names, 1);
  const hint = nearest === undefined ? "Use names such as km, mile, kg, degC, l or km/h." : `Did you mean ${nearest}?`;
  throw new ToolError("UNKNOWN_UNIT", `There is no unit ${JSON.stringify(name)}. ${hint}`);
}

function isUnit(units: Units, name: string): boolean {
  if (!UNIT_NAME.test(name)) return false;
  try {
    units.unit(1, name);
    return true;
  } catch {
    return false;
  }
}
