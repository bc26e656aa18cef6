// Repairs what models get wrong, led by the schema: where a value's own subschema refuses its type and the value clearly
// means another, it is changed and the change reported. Works on copies; what is not changed is shared with the input.
// INVARIANT: a value that its own subschema accepts is never changed ("never changes a value that its own subschema
// accepts" in coerce.test.ts). It holds because a change needs a refusal by `type`, `enum` or `const`.
import type { Coercion } from "../../call/issue.ts";
import type { JsonValue } from "../../kernel/json.ts";
import { findBranch, fits } from "./branches.ts";
import { coerceCase, coerceScalar, refusedType, UNCHANGED } from "./coerce-scalar.ts";
import { replaceExact } from "./exact-numbers.ts";
import { isSchema, typeOf } from "./json-type.ts";
import { subschemasOf } from "./members.ts";
import { resolveRef } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";

type Path = readonly (string | number)[];

export interface Coerced {
  /** The value, repaired as far as it could be; the same reference when nothing was changed. */
  readonly value: unknown;
  readonly coerced: readonly Coercion[];
}

const MAX_VISITS = 20_000;
const MAX_DEPTH = 128;

export interface CoerceOptions {
  /** Whether whoever validated the value found fault at a path; the schema has to refuse it besides. */
  readonly mayChange: (path: Path) => boolean;
  /** Which integers in texts a double does not hold; see `findInexactness`. @default false */
  readonly exactIntegers?: boolean;
}

class Coercer {
  notes: Coercion[] = [];
  readonly #root: JsonSchema;
  readonly #options: CoerceOptions;
  readonly #path: (string | number)[] = [];
  #visits = 0;
  #depth = 0;

  constructor(root: JsonSchema, options: CoerceOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** `value` as `schema` wants it. */
  visit(schema: unknown, value: unknown): unknown {
    if (!isSchema(schema) || ++this.#visits > MAX_VISITS || this.#depth >= MAX_DEPTH) return value;
    this.#depth++;
    const result = this.#visitSchema(schema, value);
    this.#depth--;
    return result;
  }

  #visitSchema(schema: JsonSchema, value: unknown): unknown {
    let result = value;
    if (typeof schema["$ref"] === "string") result = this.visit(resolveRef(this.#root, schema["$ref"]), result);
    result = this.#own(schema, result);
    if (Array.isArray(schema["allOf"])) for (const part of schema["allOf"]) result = this.visit(part, result);
    for (const branches of [schema["anyOf"], schema["oneOf"]]) {
      if (Array.isArray(branches)) result = this.#union(branches, result);
    }
    const type = typeOf(result);
    return type === "object" || type === "array" ? this.#members(schema, result as object) : result;
  }

  /** What `type`, `enum` and `const` of the schema itself ask. */
  #own(schema: JsonSchema, value: unknown): unknown {
    const types = refusedType(schema, value);
    if (types === null) {
      const constants =
        typeof value === "string" && (Array.isArray(schema["enum"]) || typeof schema["const"] === "string");
      const cased = constants ? coerceCase(value, schema) : UNCHANGED;
      return cased === UNCHANGED ? value : this.#change(value, cased);
    }
    const scalar = coerceScalar(value, types, this.#options.exactIntegers ?? false);
    if (scalar !== UNCHANGED) return this.#change(value, scalar);
    return types.includes("array") && typeOf(value) !== "array" ? this.#wrap(schema, value) : value;
  }

  /** A single value where an array is asked, if its items are like it. */
  #wrap(schema: JsonSchema, value: unknown): unknown {
    if (value === null) return value;
    const items: unknown = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"][0] : schema["items"];
    const before = this.notes.length;
    const wrapped = this.#change(value, [value]);
    if (wrapped === value) return value;
    this.#path.push(0);
    const item = this.visit(items, value);
    this.#path.pop();
    if (fits(items, item, this.#root)) return [item];
    this.notes.length = before;
    return value;
  }

  /** The branch the value belongs to, or the one way to make it belong to a branch. */
  #union(branches: readonly unknown[], value: unknown): unknown {
    if (branches.some((branch) => fits(branch, value, this.#root))) {
      const branch = findBranch(branches, value, this.#root);
      return branch === null ? value : this.visit(branch, value);
    }
    const before = this.notes.length;
    let found: { readonly result: unknown; readonly notes: Coercion[] } | null = null;
    for (const branch of branches) {
      const result = this.visit(branch, value);
      const notes = this.notes.splice(before);
      if (result === value || !fits(branch, result, this.#root)) continue;
      // Two branches that disagree: the value is ambiguous, and a guess would be worse than a refusal.
      if (found !== null && found.result !== result) return value;
      found ??= { result, notes };
    }
    if (found === null) return value;
    this.notes.push(...found.notes);
    return found.result;
  }

  #members(schema: JsonSchema, value: object): unknown {
    let copy: Record<string | number, unknown> | null = null;
    const source = value as Record<string | number, unknown>;
    const keys: Iterable<string | number> = Array.isArray(value) ? value.keys() : Object.keys(value);
    for (const key of keys) {
      this.#path.push(key);
      let member = source[key];
      for (const subschema of subschemasOf(schema, key)) member = this.visit(subschema, member);
      this.#path.pop();
      if (member === source[key]) continue;
      copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...source }) as Record<string | number, unknown>;
      copy[key] = member;
    }
    return copy ?? value;
  }

  #change(from: unknown, to: unknown): unknown {
    if (!this.#options.mayChange(this.#path)) return from;
    this.notes.push({ path: [...this.#path], from: toReport(from), to: toReport(to) });
    return to;
  }
}

function toReport(value: unknown): JsonValue {
  return replaceExact(value, ({ literal }) => literal) as JsonValue;
}

/** Repairs `value`, JSON data in which an `ExactNumber` stands for a number that no double holds, towards `root`. */
export function coerceValue(root: JsonSchema, value: unknown, options: CoerceOptions): Coerced {
  const coercer = new Coercer(root, options);
  const result = coercer.visit(root, value);
  return { value: result, coerced: coercer.notes };
}
