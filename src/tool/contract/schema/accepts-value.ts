// Whether a schema accepts one value: for constants, defaults and listed values. Answers "unknown" where a validator would
// have to be asked, or where it would take too long.
import { isJsonEqual } from "../../../kernel/json-equal.ts";
import { isObject } from "../../../kernel/json.ts";
import { getOwn } from "../../../kernel/own.ts";
import { hasType, isSchema, typeOf } from "../../schema/json-type.ts";
import { toModernForm, toNames, toTypes } from "../../schema/modern-form.ts";
import { compilePattern } from "../../schema/pattern.ts";
import type { JsonSchema } from "../../schema/schema.ts";
import { hasUniqueItems } from "../../schema/unique-items.ts";
import type { Node, SchemaDocument } from "./document.ts";
import { holdsValue } from "./value-list.ts";

/** null: unknown. */
export type Answer = boolean | null;

const MAX_DEPTH = 32;
/** How far a multiple may be off, in the steps between doubles of everyday prices. */
const TOLERANCE = 1e-9;

/** Whether `node` accepts `value`. `spend` is called before each schema, and says whether there is time for it. */
export function acceptsValue(node: Node, value: unknown, spend: () => boolean): Answer {
  if (node.isNothing) return false;
  return every(node.parts, ({ schema, document }) => new Judge(document, spend).accepts(schema, value, 0));
}

/** Whether `value` is a multiple of `of`, as validators here say it. */
export function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Number.isFinite(quotient) && Math.abs(Math.round(quotient) - quotient) < TOLERANCE;
}

/** Whether `pattern` occurs in `text`; null when it does not run in linear time. */
export function matchesPattern(pattern: string, text: string): Answer {
  const compiled = compilePattern(pattern);
  return compiled.ok ? compiled.matcher.test(text) : null;
}

function every<T>(items: Iterable<T>, ask: (item: T) => Answer): Answer {
  let answer: Answer = true;
  for (const item of items) {
    const one = ask(item);
    if (one === false) return false;
    if (one === null) answer = null;
  }
  return answer;
}

function some<T>(items: Iterable<T>, ask: (item: T) => Answer): Answer {
  return negate(every(items, (item) => negate(ask(item))));
}

function negate(answer: Answer): Answer {
  return answer === null ? null : !answer;
}

class Judge {
  readonly #document: SchemaDocument;
  readonly #spend: () => boolean;

  constructor(document: SchemaDocument, spend: () => boolean) {
    this.#document = document;
    this.#spend = spend;
  }

  accepts(given: unknown, value: unknown, depth: number): Answer {
    if (!isSchema(given)) return given === undefined ? null : given !== false;
    if (depth > MAX_DEPTH || !this.#spend()) return null;
    const schema = toModernForm(given);
    const simple = acceptsSimply(schema, value);
    if (simple === false) return false;
    return every(
      [
        () => simple,
        () => this.#inPlace(schema, value, depth + 1),
        () => (Array.isArray(value) ? this.#items(schema, value, depth + 1) : true),
        () => (isObject(value) ? this.#members(schema, value, depth + 1) : true),
      ],
      (ask) => ask(),
    );
  }

  #inPlace(schema: JsonSchema, value: unknown, depth: number): Answer {
    const { $ref, allOf, anyOf, oneOf, not } = schema;
    const ask = (part: unknown): Answer => this.accepts(part, value, depth);
    const answers: Answer[] = [];
    if (typeof $ref === "string") answers.push(ask(this.#document.resolve($ref)));
    if (Array.isArray(allOf)) answers.push(every(allOf, ask));
    if (Array.isArray(anyOf)) answers.push(some(anyOf, ask));
    if (Array.isArray(oneOf)) answers.push(isOne(oneOf.map(ask)));
    if (not !== undefined) answers.push(negate(ask(not)));
    if ("if" in schema) {
      const holds = ask(schema["if"]);
      const [then, otherwise] = [ask(schema["then"] ?? true), ask(schema["else"] ?? true)];
      if (holds === null) answers.push(then === otherwise ? then : null);
      else answers.push(holds ? then : otherwise);
    }
    return every(answers, (answer) => answer);
  }

  #items(schema: JsonSchema, items: readonly unknown[], depth: number): Answer {
    if (schema["unevaluatedItems"] !== undefined) return null;
    const { prefixItems, items: rest = true, contains } = schema;
    const prefix: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
    const fits = every(items.entries(), ([index, item]) =>
      this.accepts(index < prefix.length ? prefix[index] : rest, item, depth),
    );
    if (contains === undefined || fits === false) return fits;
    const answers = items.map((item) => this.accepts(contains, item, depth));
    const least = answers.filter((answer) => answer === true).length;
    const most = least + answers.filter((answer) => answer === null).length;
    const [min, max] = [schema["minContains"] ?? 1, schema["maxContains"] ?? Number.POSITIVE_INFINITY] as const;
    if (most < (min as number) || least > (max as number)) return false;
    return least >= (min as number) && most <= (max as number) ? fits : null;
  }

  #members(schema: JsonSchema, value: Readonly<Record<string, unknown>>, depth: number): Answer {
    if (schema["unevaluatedProperties"] !== undefined) return null;
    const { propertyNames = true, dependentSchemas, dependentRequired } = schema;
    const beside = isObject(dependentSchemas) ? Object.entries(dependentSchemas) : [];
    const needed = isObject(dependentRequired) ? Object.entries(dependentRequired) : [];
    const has = (name: string): boolean => Object.hasOwn(value, name);
    return every(
      [
        () => needed.every(([name, names]) => !has(name) || toNames(names).every(has)),
        () => every(beside, ([name, part]) => !has(name) || this.accepts(part, value, depth)),
        () => every(Object.keys(value), (name) => this.accepts(propertyNames, name, depth)),
        () => every(Object.keys(value), (name) => this.#member(schema, name, value[name], depth)),
      ],
      (ask) => ask(),
    );
  }

  #member(schema: JsonSchema, name: string, member: unknown, depth: number): Answer {
    const { properties, patternProperties, additionalProperties = true } = schema;
    const own = isObject(properties) ? getOwn(properties, name) : undefined;
    const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : [];
    const matched = patterns.map(([pattern, part]) => [matchesPattern(pattern, name), part] as const);
    if (matched.some(([answer]) => answer === null)) return null;
    const parts = matched.filter(([answer]) => answer === true).map(([, part]) => part);
    if (own !== undefined) parts.push(own);
    return every(parts.length > 0 ? parts : [additionalProperties], (part) => this.accepts(part, member, depth));
  }
}

/** Whether exactly one holds. */
function isOne(answers: readonly Answer[]): Answer {
  const sure = answers.filter((answer) => answer === true).length;
  if (sure > 1) return false;
  return answers.includes(null) ? null : sure === 1;
}

/** What can be seen without going into other schemas. */
function acceptsSimply(schema: JsonSchema, value: unknown): Answer {
  const types = toTypes(schema);
  if (types !== null && !hasType(types, typeOf(value))) return false;
  if (!isListed(schema, value)) return false;
  if (typeof value === "number") return acceptsNumber(schema, value);
  if (typeof value === "string") return acceptsText(schema, value);
  if (Array.isArray(value))
    return isBetween(schema, "Items", value.length) && (schema["uniqueItems"] !== true || hasUniqueItems(value));
  if (!isObject(value)) return true;
  const isWhole = toNames(schema["required"]).every((name) => Object.hasOwn(value, name));
  return isWhole && isBetween(schema, "Properties", Object.keys(value).length);
}

function isListed(schema: JsonSchema, value: unknown): boolean {
  if (Object.hasOwn(schema, "const") && !isJsonEqual(schema["const"], value)) return false;
  const listed: unknown = schema["enum"];
  return !Array.isArray(listed) || holdsValue(listed, value);
}

function isBetween(schema: JsonSchema, unit: string, count: number): boolean {
  const [min, max] = [schema[`min${unit}`], schema[`max${unit}`]];
  return !(typeof min === "number" && count < min) && !(typeof max === "number" && count > max);
}

function acceptsNumber(schema: JsonSchema, value: number): Answer {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === "number" && value < minimum) return false;
  if (typeof maximum === "number" && value > maximum) return false;
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) return false;
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) return false;
  if (typeof multipleOf === "number" && !isMultiple(value, multipleOf)) return false;
  return schema["format"] === undefined ? true : null;
}

function acceptsText(schema: JsonSchema, value: string): Answer {
  // A character is a code point, as in validators.
  if (!isBetween(schema, "Length", toLength(value))) return false;
  const { pattern, format } = schema;
  const fits = typeof pattern === "string" ? matchesPattern(pattern, value) : true;
  return fits === true && format !== undefined ? null : fits;
}

function toLength(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
