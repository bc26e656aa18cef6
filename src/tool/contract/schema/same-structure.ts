// Whether two schemas are written alike, apart from what they say to readers and from where their definitions are. For the
// keywords whose meaning hangs on everything beside them.
import { isJsonEqual } from "../../../kernel/json-equal.ts";
import { isObject } from "../../../kernel/json.ts";
import { isSchema } from "../../schema/json-type.ts";
import { toModernForm } from "../../schema/modern-form.ts";
import type { JsonSchema } from "../../schema/schema.ts";
import type { Residue } from "./atom.ts";
import { isAnnotation } from "./annotations.ts";
import type { SchemaDocument } from "./document.ts";

const MAX_VISITS = 2_000;
const ONE: ReadonlySet<string> = new Set([
  ...["not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "items"],
  ...["unevaluatedProperties", "unevaluatedItems"],
]);
const LIST: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const MAP: ReadonlySet<string> = new Set(["properties", "patternProperties", "dependentSchemas"]);

/** Whether the hosts of both are written alike. */
export function isSameStructure(a: Residue, b: Residue): boolean {
  return new Structure(a.document, b.document).isSame(a.host, b.host);
}

class Structure {
  readonly #a: SchemaDocument;
  readonly #b: SchemaDocument;
  readonly #held: Map<unknown, Set<unknown>> = new Map();
  #visits = 0;

  constructor(a: SchemaDocument, b: SchemaDocument) {
    this.#a = a;
    this.#b = b;
  }

  isSame(one: unknown, other: unknown): boolean {
    if (!isSchema(one) || !isSchema(other)) return one === other;
    if (++this.#visits > MAX_VISITS) return false;
    const held = this.#held.get(one) ?? new Set();
    if (held.has(other)) return true;
    this.#held.set(one, held.add(other));
    const [a, b] = [toModernForm(one), toModernForm(other)];
    const names = new Set([...toKeywords(a), ...toKeywords(b)]);
    return [...names].every((name) => this.#isSameKeyword(name, a, b));
  }

  #isSameKeyword(name: string, a: JsonSchema, b: JsonSchema): boolean {
    const [one, other] = [a[name], b[name]];
    if (name === "$ref" && typeof one === "string" && typeof other === "string")
      return this.isSame(this.#a.resolve(one), this.#b.resolve(other));
    if (ONE.has(name)) return this.isSame(one, other);
    if (LIST.has(name) && Array.isArray(one) && Array.isArray(other))
      return one.length === other.length && one.every((part, index) => this.isSame(part, other[index]));
    return MAP.has(name) ? this.#isSameMap(one, other) : isJsonEqual(one, other);
  }

  #isSameMap(one: unknown, other: unknown): boolean {
    if (!isObject(one) || !isObject(other)) return one === other;
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    return keys.every((key) => Object.hasOwn(other, key) && this.isSame(one[key], other[key]));
  }
}

function toKeywords(schema: JsonSchema): readonly string[] {
  return Object.keys(schema).filter((name) => !isAnnotation(name));
}
