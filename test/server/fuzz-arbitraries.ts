// Requests out of the routes' own schemas: valid ones, and mutants of them. What a schema cannot say (which tools there are) comes
// from hints by the name of the member.
import fc from "fast-check";
import type { z } from "zod";
import { type SchemaStep, toStep } from "../../src/server/problems/schema-steps.ts";

/** Values a member may well have, besides any that its schema takes; undefined: nothing is known of it. */
export type Hints = (name: string) => readonly unknown[] | undefined;

type Check = { readonly check?: string; readonly value?: number; readonly minimum?: number; readonly maximum?: number };

const MAX_TEXT = 24;
const MAX_ITEMS = 4;
const BIGGEST = 1_000_000;

/** JSON data that `schema` takes. */
export function toArbitrary(schema: z.ZodType, hints: Hints, name = "", depth = 0): fc.Arbitrary<unknown> {
  const drawn = toDrawn(schema, hints, name, depth);
  const known = hints(name);
  return known === undefined
    ? drawn
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: drawn });
}

function toDrawn(schema: z.ZodType, hints: Hints, name: string, depth: number): fc.Arbitrary<unknown> {
  const step = toStep(schema);
  const inner = (next: z.ZodType | undefined): fc.Arbitrary<unknown> =>
    next === undefined ? fc.constant(null) : toArbitrary(next, hints, name, depth + 1);
  switch (step.type) {
    case "string":
      return toText(step);
    case "number":
      return toNumber(step);
    case "boolean":
      return fc.boolean();
    case "enum":
      return fc.constantFrom(...Object.values(step.entries ?? {}));
    case "literal":
      return fc.constantFrom(...(step.values ?? []));
    case "array":
      return toItems(step, inner);
    case "object":
      return toObject(step, hints, depth);
    case "record":
      return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), inner(step.valueType), { maxKeys: MAX_ITEMS });
    case "union":
      return fc.oneof(...(step.options ?? []).map(inner));
    case "nullable":
      return fc.oneof(fc.constant(null), inner(step.innerType));
    case "optional":
    case "default":
      return inner(step.innerType);
    case "pipe":
      return inner(step.in);
    case "unknown":
      return fc.jsonValue({ maxDepth: 2 });
    default:
      throw new Error(`the generator does not know schemas of the type ${step.type}`);
  }
}

function toChecks(step: SchemaStep): readonly Check[] {
  return (step.checks ?? []).map((check) => check["_zod"].def as Check);
}

function toText(step: SchemaStep): fc.Arbitrary<string> {
  const checks = toChecks(step);
  const minLength = checks.find(({ check }) => check === "min_length")?.minimum ?? 0;
  const maxLength = checks.find(({ check }) => check === "max_length")?.maximum ?? MAX_TEXT;
  return fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/).map((text) => text.slice(0, maxLength)),
    fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, MAX_TEXT)) }),
  );
}

function toNumber(step: SchemaStep): fc.Arbitrary<number> {
  const checks = toChecks(step);
  const least = checks.findLast(({ check }) => check === "greater_than")?.value ?? 0;
  const most = checks.findLast(({ check }) => check === "less_than")?.value ?? BIGGEST;
  const min = Math.max(least, 0);
  return fc.oneof(
    fc.integer({ min: Math.max(min, 1), max: Math.max(min, 1, Math.min(most, BIGGEST)) }),
    fc.constant(Math.max(1, min)),
    fc.constant(Math.max(1, Math.min(most, Number.MAX_SAFE_INTEGER))),
  );
}

function toItems(
  step: SchemaStep,
  inner: (next: z.ZodType | undefined) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown[]> {
  const minLength = toChecks(step).find(({ check }) => check === "min_length")?.minimum ?? 0;
  return fc.array(inner(step.element), { minLength, maxLength: Math.max(minLength, MAX_ITEMS) });
}

function toObject({ shape = {} }: SchemaStep, hints: Hints, depth: number): fc.Arbitrary<object> {
  const entries = Object.entries(shape);
  const model = Object.fromEntries(entries.map(([key, member]) => [key, toArbitrary(member, hints, key, depth + 1)]));
  const requiredKeys = entries
    .filter(([, member]) => !["optional", "default"].includes(toStep(member).type))
    .map(([key]) => key);
  return fc.record(model, { requiredKeys });
}

/** `levels` arrays, one in the other. */
export function toDeep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

const WEIRD: readonly unknown[] = [
  ...[null, [], {}, "", 0, -1, 1.5, 1e21, 1e308, 2 ** 53, -0, true, false, "true", "1", [null], [[]], { a: 1 }],
  ...["x".repeat(5_000), toDeep(40), toDeep(200), JSON.parse('{"__proto__":{"polluted":1}}') as unknown],
  ...[{ constructor: { prototype: { polluted: 1 } } }, { toString: 1 }, { length: 1e9 }, Array.from({ length: 2_000 })],
];
const EXTRA: readonly string[] = [
  "extra",
  "constructor",
  "toString",
  "hasOwnProperty",
  "tenant",
  "roles",
  "command",
  "",
];

/** `value` with one thing wrong somewhere: missing, of another type, huge, deep, or one too many. */
export function toMutants(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(valid, fc.nat(), fc.constantFrom("drop", "swap", "swap", "swap", "add"), fc.constantFrom(...WEIRD), fc.nat())
    .map(([value, place, act, weird, pick]) => {
      const whole = { root: structuredClone(value) };
      const places = listPlaces(whole);
      const [parent, key] = places[place % places.length] ?? [whole, "root"];
      change(parent, key, { act, weird, extra: EXTRA[pick % EXTRA.length] ?? "extra" });
      return whole.root;
    });
}

type Parent = Record<string, unknown>;

function listPlaces(parent: Parent): [Parent, string][] {
  return Object.keys(parent).flatMap((key) => {
    const child = parent[key];
    const below = typeof child === "object" && child !== null ? listPlaces(child as Parent) : [];
    return [[parent, key] as [Parent, string], ...below];
  });
}

function change(
  parent: Parent,
  key: string,
  { act, weird, extra }: { readonly act: string; readonly weird: unknown; readonly extra: string },
): void {
  const child = parent[key];
  if (act === "drop" && key !== "root" && !Array.isArray(parent)) delete parent[key];
  else if (act === "add" && typeof child === "object" && child !== null && !Array.isArray(child))
    (child as Parent)[extra] = weird;
  else parent[key] = weird;
}
