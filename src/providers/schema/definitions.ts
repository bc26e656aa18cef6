// What references lead to, under names of our own in `$defs`: wherever a target stands in the tool's schema, it is moved
// here, so that no reference breaks when the schema around its target is rewritten.
import type { JsonSchema } from "../../tool/schema/schema.ts";
import type { PlanHolder, SchemaObject } from "./plan.ts";

export interface Definition extends PlanHolder {
  readonly name: string;
  /** null while it is being compiled. */
  schema: SchemaObject | null;
}

export class Definitions {
  readonly #byTarget: Map<JsonSchema, Definition> = new Map();
  readonly #names: Set<string> = new Set();

  get(target: JsonSchema): Definition | undefined {
    return this.#byTarget.get(target);
  }

  /** Begins a definition of `target`, to which `ref` leads. */
  begin(target: JsonSchema, ref: string): Definition {
    const base = toBaseName(ref);
    let name = base;
    for (let count = 2; this.#names.has(name); count++) name = `${base}_${count}`;
    this.#names.add(name);
    const definition: Definition = { name, schema: null, isLossy: false, plan: null };
    this.#byTarget.set(target, definition);
    return definition;
  }

  /** As the value of `$defs`, in order of the first reference; null when there are none. */
  toSchemas(): SchemaObject | null {
    if (this.#byTarget.size === 0) return null;
    return Object.fromEntries([...this.#byTarget.values()].map(({ name, schema }) => [name, schema ?? {}]));
  }
}

/** Of letters, digits and a few signs, so that it needs no escape in a pointer. */
function toBaseName(ref: string): string {
  const last = ref.split("/").findLast((token) => !/^\d*$/.test(token)) ?? "";
  return last.replace(/^#/, "").replaceAll(/[^A-Za-z0-9_.-]/g, "_") || "root";
}
