// What strict mode can express at all, judged from what providers publish about it and never from the compiler: every place
// has a type, every object names all its properties, every array says what is in it, and nothing is said by conditions.
// An object that names properties and is silent about others counts as closed, as providers' own helpers take it.

type Json = Readonly<Record<string, unknown>>;

/** Why a schema has no strict form, whoever compiles it. */
export interface Inexpressible {
  readonly what: string;
  /** As in `filter.tags[]`; empty at the root. */
  readonly at: string;
}

const CONDITIONS = ["not", "if", "dependentRequired", "dependentSchemas", "dependencies"] as const;
const OPEN_ENDED = ["patternProperties", "unevaluatedProperties", "unevaluatedItems", "prefixItems"] as const;

/** The first place that strict mode has no words for; null when there is none. */
export function findInexpressible(schema: Json): Inexpressible | null {
  return judge(schema, "", schema, new Set());
}

function judge(schema: unknown, at: string, root: Json, seen: ReadonlySet<string>): Inexpressible | null {
  if (!isObject(schema)) return { what: "anything", at };
  const foreign = [...CONDITIONS, ...OPEN_ENDED].find((keyword) => keyword in schema);
  if (foreign !== undefined) return { what: foreign, at };
  const { $ref } = schema;
  if (typeof $ref === "string") {
    if (seen.has($ref)) return null;
    return judge(resolve(root, $ref), at, root, new Set([...seen, $ref]));
  }
  const alternatives = schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"];
  if (Array.isArray(alternatives)) return first(alternatives, (one) => judge(one, at, root, seen));
  return judgeType(schema, at, root, seen);
}

function judgeType(schema: Json, at: string, root: Json, seen: ReadonlySet<string>): Inexpressible | null {
  const types: readonly unknown[] = [schema["type"] ?? []].flat();
  const constants = "const" in schema ? [schema["const"]] : schema["enum"];
  if (Array.isArray(constants)) {
    const isScalar = constants.every((value) => typeof value !== "object" || value === null);
    return isScalar ? null : { what: "constants that are no scalars", at };
  }
  if (types.length === 0) return { what: "anything", at };
  return (
    (types.includes("object") ? judgeObject(schema, at, root, seen) : null) ??
    (types.includes("array") ? judgeArray(schema, at, root, seen) : null)
  );
}

function judgeObject(schema: Json, at: string, root: Json, seen: ReadonlySet<string>): Inexpressible | null {
  const { properties, additionalProperties, required } = schema;
  const own = isObject(properties) ? properties : {};
  const names = Object.keys(own);
  if (isObject(additionalProperties) && Object.keys(additionalProperties).length > 0) return { what: "a map", at };
  const isSilent = additionalProperties === undefined;
  // No arguments at all are written as a root with no properties.
  const isDescribed = names.length > 0 || (at === "" && properties !== undefined);
  if (isSilent ? !isDescribed : additionalProperties !== false) return { what: "an open object", at };
  if (Array.isArray(required) && required.some((name) => !names.includes(String(name))))
    return { what: "a required property that is not described", at };
  return first(names, (name) => judge(own[name], at === "" ? name : `${at}.${name}`, root, seen));
}

function judgeArray({ items }: Json, at: string, root: Json, seen: ReadonlySet<string>): Inexpressible | null {
  if (items === false) return null;
  const found = judge(items, `${at}[]`, root, seen);
  return found?.what === "anything" && found.at === `${at}[]` ? { what: "an array of anything", at } : found;
}

function first<T>(list: readonly T[], find: (one: T) => Inexpressible | null): Inexpressible | null {
  for (const one of list) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}

function resolve(root: Json, ref: string): unknown {
  if (ref === "#") return root;
  let node: unknown = root;
  for (const step of ref.replace(/^#\//, "").split("/")) {
    node = isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  }
  return node;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
