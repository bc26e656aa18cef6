// Calls out of what a corpus accepts. Accepted values are lists of alternatives, also in objects within; "" among them means
// that the member may be left out. What the definition does not describe no model can know of: left out where it may be.

type Json = Readonly<Record<string, unknown>>;

export type Variant = "whole" | "least" | "other";

/** Arguments that the corpus accepts. */
export interface BuiltCall {
  /** `whole`: everything given; `least`: without what may be left out; `other`: one member has another accepted value. */
  readonly variant: Variant;
  readonly arguments: Json;
}

/** The arguments that `schema` does not describe and that may be left out: they are in no call. */
export function findUndescribed(accepted: Json, schema: Json): readonly string[] {
  return Object.entries(accepted).flatMap(([name, value]) =>
    isUndescribed(name, toAlternatives(value), schema) ? [name] : [],
  );
}

/** The different calls that `accepted` stands for: whole first, then least, then one for each further alternative. */
export function buildCalls(accepted: Json, schema: Json): readonly BuiltCall[] {
  const { whole, least, others } = readObject(accepted, schema);
  const calls = [
    { variant: "whole", arguments: whole } as const,
    { variant: "least", arguments: least } as const,
    ...others.map((other) => ({ variant: "other", arguments: other }) as const),
  ];
  const distinct = new Map(calls.toReversed().map((call) => [JSON.stringify(call.arguments), call]));
  return [...distinct.values()].toReversed();
}

/** What a value can be; `others` differ from `whole` in one choice. */
interface Readings<T = unknown> {
  readonly whole: T;
  readonly least: T;
  readonly others: readonly T[];
}

interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  readonly readings: Readings;
}

function readObject(accepted: Json, schema: Json): Readings<Json> {
  const members = Object.entries(accepted).flatMap(([name, value]) => toMember(name, value, schema) ?? []);
  const whole = members.map(({ name, readings }) => [name, readings.whole] as const);
  const least = members.filter(({ isOptional }) => !isOptional).map(({ name, readings }) => [name, readings.least]);
  const others = members.flatMap(({ readings }, index) =>
    readings.others.map((other) => Object.fromEntries(whole.with(index, [whole[index]?.[0] ?? "", other]))),
  );
  return { whole: Object.fromEntries(whole), least: Object.fromEntries(least), others };
}

/** null: is in no call. */
function toMember(name: string, value: unknown, schema: Json): Member | null {
  const alternatives = toAlternatives(value);
  const [main, ...rest] = alternatives
    .filter((one) => one !== "")
    .map((one) => readValue(one, toProperties(schema).get(name)));
  if (main === undefined || isUndescribed(name, alternatives, schema)) return null;
  const others = [...main.others, ...rest.flatMap((other) => [other.whole, ...other.others])];
  return { name, isOptional: alternatives.includes(""), readings: { whole: main.whole, least: main.least, others } };
}

/** A value that is no list stands for itself. */
function toAlternatives(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A schema without properties describes whatever there is. */
function isUndescribed(name: string, alternatives: readonly unknown[], schema: Json): boolean {
  const properties = toProperties(schema);
  return alternatives.includes("") && properties.size > 0 && !properties.has(name);
}

function toProperties({ properties }: Json): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(isObject(properties) ? properties : {}));
}

function readValue(value: unknown, given: unknown): Readings {
  const schema = isObject(given) ? given : {};
  if (Array.isArray(value)) return readItems(value, schema["items"]);
  return isObject(value) ? readObject(value, schema) : { whole: value, least: value, others: [] };
}

/** An alternative that is a list is that list; only objects in it have alternatives. */
function readItems(items: readonly unknown[], schema: unknown): Readings {
  const readings = items.map((item) => readValue(item, schema));
  const whole = readings.map((one) => one.whole);
  const others = readings.flatMap((one, index) => one.others.map((other) => whole.with(index, other)));
  return { whole, least: readings.map(({ least }) => least), others };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
