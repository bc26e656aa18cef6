// Whether a value could belong to two alternatives that are restored differently: null for a property that one may leave
// out and the other wants as null. Such a schema cannot go through a form in which null stands for nothing. Errs towards a
// conflict.
import { hasType, typeOf } from "../../tool/schema/json-type.ts";
import { toEntries } from "./context.ts";
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { resolveCompiled } from "./matches.ts";
import { toTypes } from "../../tool/schema/modern-form.ts";
import type { Branch, Plan, SchemaObject } from "./plan.ts";

const MAX_VISITS = 5_000;
const MAX_DEPTH = 24;

/** Whether any two of `branches`, of the closed compiled schema `root`, are in conflict. */
export function haveConflict(branches: readonly Branch[], root: SchemaObject): boolean {
  const finder = new ConflictFinder(root);
  return branches.some((a, index) => branches.slice(index + 1).some((b) => finder.conflict(a, b, 0)));
}

class ConflictFinder {
  readonly #root: SchemaObject;
  readonly #seen: Map<unknown, Set<unknown>> = new Map();
  #visits = 0;

  constructor(root: SchemaObject) {
    this.#root = root;
  }

  conflict(one: Branch, other: Branch, depth: number): boolean {
    const a = this.#resolve(one);
    const b = this.#resolve(other);
    if (a.schema === b.schema || (a.plan === null && b.plan === null)) return false;
    if (++this.#visits > MAX_VISITS || depth > MAX_DEPTH) return true;
    // Asked already, or being asked further out: then the answer is found there.
    const seen = this.#seen.get(a.schema) ?? new Set();
    if (seen.has(b.schema)) return false;
    this.#seen.set(a.schema, seen.add(b.schema));
    const ofA = toBranches(a);
    if (ofA !== null) return ofA.some((branch) => this.conflict(branch, b, depth + 1));
    const ofB = toBranches(b);
    if (ofB !== null) return ofB.some((branch) => this.conflict(a, branch, depth + 1));
    if (this.#areApart(a.schema, b.schema, 0)) return false;
    return this.#inMembers(a, b, depth) || this.#inItems(a, b, depth);
  }

  #inMembers(a: Branch, b: Branch, depth: number): boolean {
    const [ofA, ofB] = [new Map(toEntries(a.schema["properties"])), new Map(toEntries(b.schema["properties"]))];
    return [...ofA].some(([name, schemaOfA]) => {
      const schemaOfB = ofB.get(name);
      if (schemaOfB === undefined) return false;
      const [dropsA, dropsB] = [a, b].map(({ plan }) => plan?.drops?.has(name) === true);
      if (dropsA !== dropsB && this.#takesNull(dropsA === true ? schemaOfB : schemaOfA, 0)) return true;
      return this.conflict(toMember(schemaOfA, a.plan, name), toMember(schemaOfB, b.plan, name), depth + 1);
    });
  }

  #inItems(a: Branch, b: Branch, depth: number): boolean {
    const [itemsOfA, itemsOfB] = [a.schema["items"], b.schema["items"]];
    if (itemsOfA === undefined || itemsOfB === undefined) return false;
    return this.conflict(toItems(itemsOfA, a.plan), toItems(itemsOfB, b.plan), depth + 1);
  }

  #resolve({ schema, plan }: Branch): Branch {
    const ref = schema["$ref"];
    if (typeof ref !== "string") return { schema, plan };
    return { schema: resolveCompiled(this.#root, ref) as SchemaObject, plan: plan?.target?.plan ?? null };
  }

  #takesNull(given: unknown, depth: number): boolean {
    if (depth > MAX_DEPTH) return true;
    const { schema } = this.#resolve({ schema: given as SchemaObject, plan: null });
    if (Array.isArray(schema["anyOf"])) return schema["anyOf"].some((branch) => this.#takesNull(branch, depth + 1));
    return toTypes(schema)?.includes("null") !== false && mayBe(schema, null);
  }

  /** Whether no value fits both. */
  #areApart(a: SchemaObject, b: SchemaObject, depth: number): boolean {
    if (depth > 4 || ++this.#visits > MAX_VISITS) return false;
    const [typesOfA, typesOfB] = [toTypes(a), toTypes(b)];
    if (typesOfA !== null && typesOfB !== null && !overlap(typesOfA, typesOfB)) return true;
    const [valuesOfA, valuesOfB] = [toValues(a), toValues(b)];
    if (valuesOfA !== null) return !valuesOfA.some((value) => mayBe(b, value));
    if (valuesOfB !== null) return !valuesOfB.some((value) => mayBe(a, value));
    // Null fits both of two nullable objects, and is restored alike.
    return typesOfA?.includes("object") === true && typesOfB?.includes("object") === true && this.#differ(a, b, depth);
  }

  /** Closed objects of which all properties are required differ in their names, or in one of their values. */
  #differ(a: SchemaObject, b: SchemaObject, depth: number): boolean {
    const [ofA, ofB] = [new Map(toEntries(a["properties"])), new Map(toEntries(b["properties"]))];
    if (ofA.size !== ofB.size) return true;
    return [...ofA].some(([name, schemaOfA]) => {
      const schemaOfB = ofB.get(name);
      if (schemaOfB === undefined) return true;
      const resolved = [schemaOfA, schemaOfB].map(
        (schema) => this.#resolve({ schema: schema as SchemaObject, plan: null }).schema,
      );
      return this.#areApart(resolved[0] as SchemaObject, resolved[1] as SchemaObject, depth + 1);
    });
  }
}

function toBranches({ schema, plan }: Branch): readonly Branch[] | null {
  const { anyOf } = schema;
  if (!Array.isArray(anyOf)) return null;
  // A property that was made nullable has alternatives for which there is nothing to choose.
  return (anyOf as readonly SchemaObject[]).map(
    (branch, index) => plan?.branches?.[index] ?? { schema: branch, plan: isNull(branch) ? null : plan },
  );
}

function isNull({ type }: SchemaObject): boolean {
  return type === "null";
}

function toMember(schema: unknown, plan: Plan | null, name: string): Branch {
  return { schema: schema as SchemaObject, plan: plan?.members?.get(name) ?? null };
}

function toItems(schema: unknown, plan: Plan | null): Branch {
  return { schema: schema as SchemaObject, plan: plan?.items ?? null };
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  const isNumber = (types: readonly string[]): boolean => types.includes("number") || types.includes("integer");
  return a.some((type) => b.includes(type)) || (isNumber(a) && isNumber(b));
}

function toValues(schema: SchemaObject): readonly unknown[] | null {
  if (Object.hasOwn(schema, "const")) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? schema["enum"] : null;
}

/** Whether `value`, a constant, may fit `schema`. */
function mayBe(schema: SchemaObject, value: unknown): boolean {
  const types = toTypes(schema);
  if (types !== null && !hasType(types, typeOf(value))) return false;
  return toValues(schema)?.some((one) => isJsonEqual(one, value)) ?? true;
}
