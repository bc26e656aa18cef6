// What a tool's parameters are, read off its schema, its descriptions and its examples: the offline model knows no tool
// but by these.
import { isObject } from "../../kernel/json.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import { toParts, toStems } from "./words.ts";

export type ParameterRole =
  | "enum"
  | "number"
  | "boolean"
  | "expression"
  | "dateTime"
  | "date"
  | "time"
  | "month"
  | "zone"
  | "email"
  | "url"
  /** A short text that names something: a city, a unit, an id. */
  | "name"
  /** Free text: a note, a query. */
  | "text"
  /** What cannot be said in words: objects, and lists of them. */
  | "structure";

export interface Parameter {
  readonly name: string;
  readonly role: ParameterRole;
  readonly schema: Readonly<Record<string, unknown>>;
  /** It takes an array of what the role says. */
  readonly isList: boolean;
  /** The value has to be a number, whatever the role. */
  readonly isNumeric: boolean;
  readonly isRequired: boolean;
  readonly choices: readonly (string | number)[];
  readonly nameStems: readonly string[];
  readonly descriptionStems: readonly string[];
  /** Which end of a range or a conversion it is. */
  readonly side: "from" | "to" | null;
  readonly examples: readonly unknown[];
}

const setOf = (words: string): ReadonlySet<string> => new Set(toStems(words));
const FROM = new Set(["from", "start", "source", "origin", "begin", "since", "first", "input", "src"]);
const TO = new Set(["to", "end", "target", "destination", "until", "till", "into", "last", "second", "output", "dst"]);
const TEXT_STEMS = setOf(
  "text query note content message body question search phrase sentence comment description prompt words keyword term subject title",
);
const EXPRESSION_STEMS = setOf("expression formula arithmetic calculation equation");
const ZONE = /\b[A-Z][a-z]+\/[A-Z][A-Za-z_]+/;
const ISO_DATE = /\b\d{4}-\d{2}-\d{2}(?!T)\b/;
const ISO_DATE_TIME = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
/** More words than a name has. */
const MAX_NAME_WORDS = 3;
const MAX_NAME_LENGTH = 256;
const CLOCK = /^\d{1,2}:\d{2}/;
const FORMATS: ReadonlyMap<string, ParameterRole> = new Map([
  ["date", "date"],
  ["date-time", "dateTime"],
  ["time", "time"],
  ["email", "email"],
  ["uri", "url"],
  ["url", "url"],
]);

const parameters = new WeakMap<ToolDescription, readonly Parameter[]>();

/** The parameters of `tool`, required ones first, in the order of the schema. */
export function toParameters(tool: ToolDescription): readonly Parameter[] {
  let known = parameters.get(tool);
  if (known === undefined) {
    known = readParameters(tool);
    parameters.set(tool, known);
  }
  return known;
}

function readParameters(tool: ToolDescription): readonly Parameter[] {
  const { properties, required } = tool.inputSchema;
  if (!isObject(properties)) return [];
  const needed = new Set(Array.isArray(required) ? (required as readonly unknown[]) : []);
  const read = Object.entries(properties).map(([name, schema]): Parameter => {
    const examples = tool.examples.flatMap((example) =>
      isObject(example) && Object.hasOwn(example, name) ? [example[name] as unknown] : [],
    );
    return toParameter(name, toPlain(schema), examples, needed.has(name));
  });
  return [...read.filter(({ isRequired }) => isRequired), ...read.filter(({ isRequired }) => !isRequired)];
}

function toParameter(
  name: string,
  schema: Readonly<Record<string, unknown>>,
  examples: readonly unknown[],
  isRequired: boolean,
): Parameter {
  const isList = hasType(schema, "array");
  const value = isList ? toPlain(schema["items"]) : schema;
  const choices = (Array.isArray(value["enum"]) ? (value["enum"] as readonly unknown[]) : []).filter(
    (choice) => typeof choice === "string" || typeof choice === "number",
  );
  const ownExamples: readonly unknown[] = Array.isArray(schema["examples"]) ? schema["examples"] : [];
  const known = [...examples, ...ownExamples].flatMap((example: unknown) =>
    isList && Array.isArray(example) ? (example as unknown[]) : [example],
  );
  const description = typeof schema["description"] === "string" ? schema["description"] : "";
  const words = toParts(name).map((word) => word.toLowerCase());
  const nameStems = toStems(name);
  const descriptionStems = toStems(description);
  const role = choices.length > 0 ? "enum" : toRole(value, nameStems, descriptionStems, description, known);
  const side = words.some((word) => FROM.has(word)) ? "from" : words.some((word) => TO.has(word)) ? "to" : null;
  const isNumeric = hasType(value, "integer") || hasType(value, "number");
  return {
    name,
    role,
    schema,
    isList,
    isNumeric,
    isRequired,
    choices,
    nameStems,
    descriptionStems,
    side,
    examples: [...examples, ...ownExamples],
  };
}

function toRole(
  schema: Readonly<Record<string, unknown>>,
  nameStems: readonly string[],
  descriptionStems: readonly string[],
  description: string,
  examples: readonly unknown[],
): ParameterRole {
  if (hasType(schema, "integer") || hasType(schema, "number"))
    return nameStems.includes("month") && isMonth(schema) ? "month" : "number";
  if (hasType(schema, "boolean")) return "boolean";
  if (!hasType(schema, "string")) return "structure";
  const { format } = schema;
  const byFormat = typeof format === "string" ? FORMATS.get(format) : undefined;
  if (byFormat !== undefined) return byFormat;
  const texts = examples.filter((example) => typeof example === "string");
  return toFormRole(description, texts) ?? toTextRole(nameStems, descriptionStems, texts, schema);
}

function toTextRole(
  nameStems: readonly string[],
  descriptionStems: readonly string[],
  examples: readonly string[],
  schema: Readonly<Record<string, unknown>>,
): ParameterRole {
  if (nameStems.includes("month")) return "month";
  if (hasAny(nameStems, EXPRESSION_STEMS) || hasAny(descriptionStems, EXPRESSION_STEMS)) return "expression";
  if (hasAny(nameStems, TEXT_STEMS) || examples.some((example) => example.split(" ").length > MAX_NAME_WORDS))
    return "text";
  const { maxLength } = schema;
  const isLong = typeof maxLength === "number" && maxLength > MAX_NAME_LENGTH;
  return isLong && examples.length === 0 ? "text" : "name";
}

/** The role by the form of the values that the tool shows. */
function toFormRole(description: string, examples: readonly string[]): ParameterRole | null {
  const shown = [description, ...examples].join("\n");
  if (ZONE.test(shown)) return "zone";
  if (ISO_DATE_TIME.test(shown)) return "dateTime";
  if (ISO_DATE.test(shown)) return "date";
  return examples.some((example) => CLOCK.test(example)) ? "time" : null;
}

function isMonth({ minimum, maximum }: Readonly<Record<string, unknown>>): boolean {
  return (minimum === undefined || minimum === 1) && (maximum === undefined || maximum === 12);
}

function hasAny(stems: readonly string[], wanted: ReadonlySet<string>): boolean {
  for (const stem of stems) if (wanted.has(stem)) return true;
  return false;
}

/** Whether the schema's type is, or may be, `type`. */
function hasType({ type }: Readonly<Record<string, unknown>>, wanted: string): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted));
}

/** A schema as an object; of a union the first alternative that is not null. */
function toPlain(schema: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(schema)) return {};
  const branches = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(branches) || "type" in schema) return schema;
  const branch: unknown = (branches as readonly unknown[]).find((one) => isObject(one) && one["type"] !== "null");
  return isObject(branch) ? { ...branch, ...schema } : schema;
}
