// What a model sends for a value: null for what is left out where the compiled schema wants every property, and the
// names it was shown. Written apart from the compiler, from what the compiled schema says.

type Json = Readonly<Record<string, unknown>>;

const MAX_CHOICES = 64;

/** The ways in which `value` of `schema` can be sent under `compiled`; some may not be accepted by it. */
export function toSent(schema: Json, compiled: Json, value: unknown): readonly unknown[] {
  return new Sender(schema, compiled).encode(compiled, value);
}

class Sender {
  readonly #root: Json;
  /** Own name → name that is sent, for names that the compiled schema has no property of. */
  readonly #names: ReadonlyMap<string, string>;

  constructor(schema: Json, compiled: Json) {
    this.#root = compiled;
    const known = collect(compiled, new Set());
    const own = [...collect(schema, new Set())].filter((name) => !known.has(name));
    this.#names = new Map(own.map((name) => [name, name.replaceAll(/[^A-Za-z0-9_]/g, "_")]));
  }

  encode(schema: unknown, value: unknown): readonly unknown[] {
    const node = this.#resolve(schema);
    for (const keyword of ["anyOf", "oneOf"]) {
      if (!Array.isArray(node[keyword])) continue;
      const branches = node[keyword].filter((branch) => this.#mayFit(this.#resolve(branch), value));
      const choices = branches.flatMap((branch) => this.encode(branch, value));
      const distinct = new Map(choices.map((choice) => [JSON.stringify(choice), choice]));
      return [...distinct.values()].slice(0, MAX_CHOICES);
    }
    if (Array.isArray(value)) return this.#encodeItems(node, value);
    return typeof value === "object" && value !== null ? this.#encodeMembers(node, value as Json) : [value];
  }

  /** As far as one look tells. */
  #mayFit(branch: Json, value: unknown): boolean {
    const types: readonly unknown[] = [branch["type"] ?? []].flat();
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isObject) return types.length === 0 || !types.every((type) => type === "object");
    if (types.length > 0 && !types.includes("object")) return false;
    const properties = (branch["properties"] ?? {}) as Json;
    const own = new Map(Object.entries(value).map(([name, member]) => [this.#toName(properties, name), member]));
    if (branch["additionalProperties"] === false && [...own.keys()].some((name) => !Object.hasOwn(properties, name))) {
      return false;
    }
    const required = (branch["required"] ?? []) as readonly string[];
    return (
      required.every((name) => own.has(name) || this.#takesNull(properties[name])) &&
      [...own].every(([name, member]) => isConstant(this.#resolve(properties[name]), member))
    );
  }

  #takesNull(schema: unknown): boolean {
    const { type, anyOf } = this.#resolve(schema);
    return [type].flat().includes("null") || (Array.isArray(anyOf) && anyOf.some((branch) => this.#takesNull(branch)));
  }

  #encodeItems(node: Json, items: readonly unknown[]): readonly unknown[] {
    const { prefixItems, items: rest } = node;
    const prefix: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
    return combine(items.map((item, index) => this.encode(index < prefix.length ? prefix[index] : rest, item)));
  }

  #encodeMembers(node: Json, value: Json): readonly unknown[] {
    const properties = (node["properties"] ?? {}) as Json;
    const required = (node["required"] ?? []) as readonly string[];
    const entries = Object.entries(value).map(([name, member]) => {
      const sent = this.#toName(properties, name);
      const schema = Object.hasOwn(properties, sent) ? properties[sent] : node["additionalProperties"];
      return [sent, this.encode(schema, member)] as const;
    });
    const missing = required.filter((name) => !entries.some(([sent]) => sent === name));
    const all = [...entries, ...missing.map((name) => [name, [null]] as const)];
    return combine(all.map(([, choices]) => choices)).map((values) =>
      Object.fromEntries(all.map(([name], index) => [name, values[index]])),
    );
  }

  #toName(properties: Json, name: string): string {
    const wire = this.#names.get(name) ?? name;
    return Object.hasOwn(properties, wire) ? wire : name;
  }

  #resolve(schema: unknown): Json {
    if (typeof schema !== "object" || schema === null) return {};
    const ref = (schema as Json)["$ref"];
    if (typeof ref !== "string") return schema as Json;
    return this.#resolve(ref === "#" ? this.#root : (this.#root["$defs"] as Json)[ref.replace("#/$defs/", "")]);
  }
}

/** Whether `value` may be one of the constants of `schema`, if it has any. */
function isConstant(schema: Json, value: unknown): boolean {
  const constants = Array.isArray(schema["enum"]) ? schema["enum"] : "const" in schema ? [schema["const"]] : null;
  return constants === null || typeof value === "object" || constants.includes(value);
}

function collect(node: unknown, names: Set<string>): Set<string> {
  if (typeof node !== "object" || node === null) return names;
  const { properties } = node as { properties?: unknown };
  if (typeof properties === "object" && properties !== null)
    for (const name of Object.keys(properties)) names.add(name);
  for (const member of Object.values(node)) collect(member, names);
  return names;
}

/** Every choice of one of each. */
function combine(lists: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  return lists.reduce<readonly (readonly unknown[])[]>(
    (found, choices) => found.flatMap((one) => choices.map((choice) => [...one, choice])).slice(0, MAX_CHOICES),
    [[]],
  );
}
