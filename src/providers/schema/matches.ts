// Whether a value belongs to an alternative of a compiled schema: by types, constants, and which properties there are.
// Bounds and patterns do not matter, since alternatives that differ in those only are restored alike.
// INVARIANT: looks at everything by which `conflicts.ts` tells alternatives apart.
import { isObject } from "../../kernel/json.ts";
import { hasType, type JsonType, typeOf } from "../../tool/schema/json-type.ts";
import { getOwn } from "../../kernel/own.ts";
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { toNames, toTypes } from "../../tool/schema/modern-form.ts";
import type { SchemaObject } from "./plan.ts";
import { SourceNumber } from "./source-number.ts";

const MAX_VISITS = 2_000_000;

export class Matcher {
  readonly #root: SchemaObject;
  /** Whether constants match in any case: then more matches. */
  readonly #anyCase: boolean;
  /** Answers by value and schema: nested alternatives would ask again and again. */
  readonly #known: Map<object, Map<unknown, boolean>> = new Map();
  #visits = 0;

  /** `root`: the compiled schema, into which its references lead. `anyCase`: whether constants match in any case. */
  constructor(root: SchemaObject, anyCase = false) {
    this.#root = root;
    this.#anyCase = anyCase;
  }

  matches(schema: unknown, value: unknown): boolean {
    if (!isObject(schema)) return schema !== false;
    if (++this.#visits > MAX_VISITS) return false;
    if (typeof value !== "object" || value === null) return this.#judge(schema, value);
    let answers = this.#known.get(value);
    if (answers === undefined) this.#known.set(value, (answers = new Map()));
    const known = answers.get(schema);
    if (known !== undefined) return known;
    // A circle of references without a value in between accepts nothing.
    answers.set(schema, false);
    const answer = this.#judge(schema, value);
    answers.set(schema, answer);
    return answer;
  }

  #judge(schema: SchemaObject, value: unknown): boolean {
    if (typeof schema["$ref"] === "string" && !this.matches(resolveCompiled(this.#root, schema["$ref"]), value)) {
      return false;
    }
    if (!matchesType(schema, value) || !matchesConstants(schema, value, this.#anyCase)) return false;
    for (const keyword of ["anyOf", "oneOf"]) {
      const list = schema[keyword];
      if (Array.isArray(list) && !list.some((branch) => this.matches(branch, value))) return false;
    }
    if (Array.isArray(value)) return this.#judgeItems(schema, value);
    return !isObject(value) || value instanceof SourceNumber || this.#judgeMembers(schema, value);
  }

  #judgeItems(schema: SchemaObject, items: readonly unknown[]): boolean {
    const { prefixItems, items: rest } = schema;
    const prefix: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
    return items.every((item, index) => this.matches(index < prefix.length ? prefix[index] : (rest ?? true), item));
  }

  #judgeMembers(schema: SchemaObject, value: Record<string, unknown>): boolean {
    const { properties, required, additionalProperties, patternProperties } = schema;
    if (!toNames(required).every((name) => Object.hasOwn(value, name))) return false;
    const own = isObject(properties) ? properties : {};
    const rest = patternProperties === undefined ? (additionalProperties ?? true) : true;
    return Object.keys(value).every((name) => this.matches(getOwn(own, name) ?? rest, value[name]));
  }
}

/** Where a reference of a compiled schema leads. */
export function resolveCompiled(root: SchemaObject, ref: string): unknown {
  if (ref === "#") return root;
  const definitions = root["$defs"];
  return isObject(definitions) ? getOwn(definitions, ref.slice("#/$defs/".length)) : undefined;
}

function matchesType(schema: SchemaObject, value: unknown): boolean {
  const types = toTypes(schema);
  return types === null || hasType(types, toType(value));
}

function toType(value: unknown): JsonType {
  return typeOf(value instanceof SourceNumber ? value.value : value);
}

function matchesConstants(schema: SchemaObject, value: unknown, anyCase: boolean): boolean {
  const plain = value instanceof SourceNumber ? value.value : value;
  const isSame = (one: unknown): boolean => isJsonEqual(one, plain) || (anyCase && isSameText(one, plain));
  if (Object.hasOwn(schema, "const") && !isSame(schema["const"])) return false;
  return !Array.isArray(schema["enum"]) || schema["enum"].some(isSame);
}

/** Whether two texts differ in case at the most. */
export function isSameText(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && a.toLowerCase() === b.toLowerCase();
}
