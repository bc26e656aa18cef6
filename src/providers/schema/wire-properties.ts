// Names of properties that a provider accepts, in place of those it does not. A name is replaced by the same one wherever
// it stands in a schema, and by one that no property of the schema has, so that the way back is a lookup.
import { isObject } from "../../kernel/json.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { isKeyword } from "./keywords.ts";
import { toNames } from "../../tool/schema/modern-form.ts";

const MAX_LENGTH = 64;
const NONE: ReadonlySet<string> = new Set();
const NAME_LISTS: ReadonlySet<string> = new Set(["required"]);
const NAME_MAPS: ReadonlySet<string> = new Set(["properties", "dependentRequired", "dependentSchemas", "dependencies"]);

export class WireProperties {
  readonly #root: JsonSchema;
  readonly #accepted: RegExp | null;
  readonly #wires: Map<string, string> = new Map();
  /** Names in use; null until the first name has to be replaced. */
  #taken: Set<string> | null = null;
  /** Names of properties that are replaced; null until they are asked for. */
  #replaced: Set<string> | null = null;

  constructor(root: JsonSchema, accepted: RegExp | null) {
    this.#root = root;
    this.#accepted = accepted;
  }

  /** Whether any name was replaced. */
  get isUsed(): boolean {
    return this.#wires.size > 0;
  }

  /** Whether a name anywhere in the schema is replaced. */
  get isNeeded(): boolean {
    return this.#getReplaced().size > 0;
  }

  /** Whether `value`, an argument, has the name of a property that is sent under another. */
  hasRenames(value: unknown): boolean {
    if (!this.isNeeded) return false;
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

  /** Those of `names` that are replaced, by the names that are sent. */
  toRenames(names: Iterable<string>): ReadonlyMap<string, string> {
    const replaced = [...names].filter((name) => this.#isRenamed(name));
    return new Map(replaced.map((name) => [this.toWire(name), name]));
  }

  /**
   * `schema` as a model knows it, which is shown the names that are sent. To be read, not to be sent: whatever looks like a
   * name is taken for one. `found` takes up the names that are replaced.
   */
  toWireSchema(schema: unknown, found?: Set<string>): unknown {
    return this.isNeeded ? this.#rename(schema, "", found ?? new Set()) : schema;
  }

  /** `key`: of what `value` is a member. */
  #rename(value: unknown, key: string, found: Set<string>): unknown {
    if (typeof value === "string") return NAME_LISTS.has(key) ? this.#toShown(value, found) : value;
    if (Array.isArray(value)) return value.map((item) => this.#rename(item, key, found));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([name, member]) => {
      if (key === "propertyNames" && (name === "enum" || name === "const")) {
        return [name, this.#rename(member, "required", found)];
      }
      const isList = key === "dependentRequired" || key === "dependencies";
      const within = isList && Array.isArray(member) ? "required" : name;
      return [key === "patternProperties" ? name : this.#toShown(name, found), this.#rename(member, within, found)];
    });
    return Object.fromEntries(entries);
  }

  #toShown(name: string, found: Set<string>): string {
    if (isKeyword(name) || !this.#isRenamed(name)) return name;
    found.add(name);
    return this.toWire(name);
  }

  #isRenamed(name: string): boolean {
    return this.#getReplaced().has(name);
  }

  #getReplaced(): ReadonlySet<string> {
    const accepted = this.#accepted;
    if (accepted === null) return NONE;
    this.#replaced ??= new Set([...collectDeclared(this.#root)].filter((name) => !accepted.test(name)));
    return this.#replaced;
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

/** Names in all places in which a schema names properties, and what is in a place of that name by chance. */
function collectDeclared(value: unknown, names: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) collectDeclared(item, names);
  if (!isObject(value)) return names;
  for (const [keyword, member] of Object.entries(value)) {
    if (NAME_LISTS.has(keyword)) for (const name of toNames(member)) names.add(name);
    if (NAME_MAPS.has(keyword) && isObject(member)) {
      for (const [name, needed] of Object.entries(member)) for (const one of [name, ...toNames(needed)]) names.add(one);
    }
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
