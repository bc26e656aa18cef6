// Names of properties that a provider accepts, in place of those it does not. A name is replaced by the same one wherever
// it stands in a schema, and by one that no property of the schema has, so that the way back is a lookup.
import { isObject } from "../../kernel/json.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";

const MAX_LENGTH = 64;

export class WireProperties {
  readonly #root: JsonSchema;
  readonly #accepted: RegExp | null;
  readonly #wires: Map<string, string> = new Map();
  /** Names in use; null until the first name has to be replaced. */
  #taken: Set<string> | null = null;
  /** Names of properties; null until one is looked for in a value. */
  #declared: Set<string> | null = null;

  constructor(root: JsonSchema, accepted: RegExp | null) {
    this.#root = root;
    this.#accepted = accepted;
  }

  /** Whether any name was replaced. */
  get isUsed(): boolean {
    return this.#wires.size > 0;
  }

  /** Whether `value`, an argument, has the name of a property that is sent under another. */
  hasRenames(value: unknown): boolean {
    if (this.#accepted === null) return false;
    if (Array.isArray(value)) return value.some((item) => this.hasRenames(item));
    if (!isObject(value)) return false;
    return Object.entries(value).some(([name, member]) => this.#isRenamed(name) || this.hasRenames(member));
  }

  /** `value`, an argument, under the names that are sent. */
  toWireValue(value: unknown): unknown {
    if (!this.hasRenames(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.toWireValue(item));
    const entries = Object.entries(value as object).map(([name, member]) => [
      this.#isRenamed(name) ? this.toWire(name) : name,
      this.toWireValue(member),
    ]);
    return Object.fromEntries(entries);
  }

  #isRenamed(name: string): boolean {
    if (this.#accepted === null || this.#accepted.test(name)) return false;
    this.#declared ??= collectDeclared(this.#root);
    return this.#declared.has(name);
  }

  toWire(name: string): string {
    if (this.#accepted === null || this.#accepted.test(name)) return name;
    const known = this.#wires.get(name);
    if (known !== undefined) return known;
    this.#taken ??= collectNames(this.#root);
    // A letter in front and nothing but letters, digits and underscores: what every provider accepts.
    const plain = name.replaceAll(/[^A-Za-z0-9_]/g, "_").slice(0, MAX_LENGTH);
    const base = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`.slice(0, MAX_LENGTH);
    let wire = base;
    for (let count = 2; this.#taken.has(wire); count++) {
      wire = `${base.slice(0, MAX_LENGTH - String(count).length - 1)}_${count}`;
    }
    this.#taken.add(wire);
    this.#wires.set(name, wire);
    return wire;
  }
}

/** Members of all `properties` there are, and what is in a place of that name by chance. */
function collectDeclared(value: unknown, names: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) collectDeclared(item, names);
  if (!isObject(value)) return names;
  for (const [name, member] of Object.entries(value)) {
    if (name === "properties" && isObject(member)) for (const declared of Object.keys(member)) names.add(declared);
    collectDeclared(member, names);
  }
  return names;
}

/** Every key there is: more than the names of properties, which does no harm. */
function collectNames(value: unknown, names: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) collectNames(item, names);
  if (!isObject(value)) return names;
  for (const [name, member] of Object.entries(value)) {
    names.add(name);
    collectNames(member, names);
  }
  return names;
}
