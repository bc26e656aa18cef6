// Values that a schema is likely to accept, and those at the edges of its bounds: random values hardly ever reach a bound
// that is three members deep.
import { isObject } from "../../src/kernel/json.ts";
import { resolveRef } from "../../src/tool/schema/resolve-ref.ts";
import type { JsonSchema } from "../../src/tool/schema/schema.ts";

const MAX_DEPTH = 6;
const TEXTS = ["a", "b", "ab", "5", "", "x1", "aab"];
const TYPES = ["string", "number", "integer", "boolean", "null", "object", "array"];

/** Values for `root`, as many as are asked for; the same for the same seed. */
export function sampleValues(root: JsonSchema, seed: number, count: number): readonly unknown[] {
  const sampler = new Sampler(root, seed);
  return Array.from({ length: count }, () => sampler.sample(root, 0));
}

class Sampler {
  readonly #root: JsonSchema;
  #state: number;

  constructor(root: JsonSchema, seed: number) {
    this.#root = root;
    this.#state = seed | 0;
  }

  /** From 0 on, below `max`. */
  #pick(max: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) | 0;
    return ((this.#state >>> 8) % 65_536) % max;
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#pick(list.length)] as T;
  }

  sample(given: unknown, depth: number): unknown {
    if (!isObject(given) || depth > MAX_DEPTH) return this.#scalar();
    const schema = given as JsonSchema;
    const values: unknown[] = [];
    if (typeof schema["$ref"] === "string") values.push(this.sample(resolveRef(this.#root, schema["$ref"]), depth + 1));
    for (const keyword of ["allOf", "anyOf", "oneOf"]) {
      const list = schema[keyword];
      if (Array.isArray(list)) values.push(this.sample(this.#one(list), depth + 1));
    }
    for (const keyword of ["if", "then", "else", "not"])
      if (schema[keyword] !== undefined && this.#pick(2) === 0) values.push(this.sample(schema[keyword], depth + 1));
    if (Array.isArray(schema["enum"])) values.push(this.#one(schema["enum"]));
    if (Object.hasOwn(schema, "const")) values.push(schema["const"]);
    if (values.length === 0 || this.#pick(2) === 0) values.push(this.#plain(schema, depth));
    const objects = values.filter(isObject);
    return objects.length > 1 ? Object.assign({}, ...objects) : this.#one(values);
  }

  #plain(schema: JsonSchema, depth: number): unknown {
    const { type } = schema;
    const types: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? TYPES : [type];
    switch (this.#one(types)) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return this.#array(schema, depth);
      case "string":
        return this.#one(TEXTS);
      case "boolean":
        return this.#pick(2) === 0;
      case "null":
        return null;
      default:
        return this.#number(schema);
    }
  }

  #number(schema: JsonSchema): number {
    const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
      .map((keyword) => schema[keyword])
      .filter((bound) => typeof bound === "number");
    const near = bounds.length === 0 || this.#pick(4) === 0 ? this.#one([0, 1, 2, 3, 5, 1.5, -1]) : this.#one(bounds);
    return near + this.#one([0, 0, 0.5, 1, -1, 0.25]);
  }

  #array(schema: JsonSchema, depth: number): readonly unknown[] {
    const prefix: readonly unknown[] = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
    const items = Array.from({ length: this.#pick(4) }, (_none, index) =>
      this.sample(index < prefix.length ? prefix[index] : (schema["items"] ?? schema["contains"]), depth + 1),
    );
    return items.length > 1 && this.#pick(4) === 0 ? [items[0], ...items.slice(0, -1)] : items;
  }

  #object(schema: JsonSchema, depth: number): Readonly<Record<string, unknown>> {
    const { properties, required, additionalProperties, patternProperties } = schema;
    const own = isObject(properties) ? properties : {};
    const wanted = Array.isArray(required) ? (required as readonly string[]) : [];
    const names = new Set(wanted);
    for (const name of Object.keys(own)) if (this.#pick(3) > 0) names.add(name);
    if (this.#pick(3) === 0) names.add(this.#one(["a", "b", "kind", "x1", "other"]));
    const ofPattern = isObject(patternProperties) ? Object.values(patternProperties)[0] : undefined;
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        this.sample(own[name] ?? (name.startsWith("x") ? ofPattern : additionalProperties), depth + 1),
      ]),
    );
  }

  #scalar(): unknown {
    return this.#one<unknown>([...TEXTS, 0, 1, 1.5, true, null]);
  }
}
