// The limits of the forms in which providers take schemas, held against the compiler: at a limit a schema is taken, one
// further it is not. What is not so is thrown, and so never stands on the page.
import { compileSchema } from "../src/providers/schema/compile-schema.ts";
import type { JsonSchema } from "../src/tool/schema/schema.ts";
import { toTexts } from "../test/providers/keyword-probes.ts";
import type { Form } from "./provider-findings.ts";

const text = { type: "string" } as const;
/** Up to here a limit is looked for. */
const FAR = 20_000;

function closed(properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

function toProperties(count: number): JsonSchema {
  return closed(Object.fromEntries(toTexts(count, 1).map((name) => [`p${name}`, text])));
}

function toLevels(count: number): JsonSchema {
  return closed(count === 2 ? { end: text } : { a: toLevels(count - 1) });
}

/** Constants of 1,000 characters, the last one as long as is left. */
function toCharacters(count: number): JsonSchema {
  const lengths = Array.from({ length: Math.ceil(count / 1_000) }, (_, at) => Math.min(1_000, count - at * 1_000));
  // The name counts as well.
  const values = lengths.map((length, at) => `${at}`.padEnd(at === 0 ? length - 1 : length, "x"));
  return closed({ a: { ...text, enum: values } });
}

function toLargeEnum(count: number, characters: number): JsonSchema {
  const [head = "", ...tail] = toTexts(count, Math.floor(characters / count));
  const rest = characters - head.length - tail.join("").length;
  return closed({ a: { ...text, enum: [head.padEnd(head.length + rest, "y"), ...tail] } });
}

/** The limits of one strict schema in words; null when the form has none. */
export function toLimits({ rules, provider, strict }: Form): string | null {
  const { limits } = rules;
  if (limits === null) return null;
  const takes = (schema: JsonSchema): boolean => compileSchema(schema, provider, strict).strict === strict;
  const hold = (make: (count: number) => JsonSchema, limit: number, what: string): string => {
    if (!takes(make(limit)) || takes(make(limit + 1))) throw new Error(`${rules.name}: ${limit} ${what} is no limit`);
    return `${limit.toLocaleString("en")} ${what}`;
  };
  const { properties, depth, characters, enumValues, largeEnum } = limits;
  const { values } = largeEnum;
  if (!takes(toLargeEnum(values, largeEnum.characters + values))) throw new Error(`${values} values are many already`);
  return [
    hold(toProperties, properties, "properties"),
    hold(toLevels, depth, "levels"),
    hold(toCharacters, characters, "characters of names and constants"),
    hold((count) => closed({ a: { ...text, enum: toTexts(count, 4) } }), enumValues, "enum values"),
    `${hold((count) => toLargeEnum(values + 1, count), largeEnum.characters, "characters in an enum")} of more than ${values}`,
  ].join(", ");
}

/** Characters, as JSON, of the longest list of constants that is sent; null when every one up to `FAR` is. */
export function findEnumLength({ provider, strict }: Form): number | null {
  const toSchema = (characters: number): JsonSchema => closed({ a: { ...text, enum: ["x".repeat(characters - 4)] } });
  const isSent = (characters: number): boolean =>
    JSON.stringify(compileSchema(toSchema(characters), provider, strict).schema).includes('"enum"');
  if (isSent(FAR)) return null;
  let [sent, not] = [5, FAR];
  while (not - sent > 1) {
    const middle = Math.floor((sent + not) / 2);
    if (isSent(middle)) sent = middle;
    else not = middle;
  }
  return sent;
}

/** The name under which a property `name` is sent. */
export function toSentName(name: string, { provider, strict }: Form): string {
  const schema = closed(Object.fromEntries([[name, text]]));
  const { properties } = compileSchema(schema, provider, strict).schema as { readonly properties: object };
  return Object.keys(properties)[0] ?? "";
}

/** Whether a constant that a model gives in another case is put right. */
export function restoresCase({ provider, strict }: Form): boolean {
  const { restore } = compileSchema(closed({ a: { ...text, enum: ["low", "high"] } }), provider, strict);
  return (restore({ a: "LOW" }) as { readonly a: string }).a === "low";
}
