// The subsets of JSON Schema that providers publish for strict tools, checked apart from the compiler: each returns what is
// wrong with a schema, or null. Written from the providers' pages, not from the compiler's rules.

type Json = Readonly<Record<string, unknown>>;

interface Subset {
  readonly keywords: ReadonlySet<string>;
  readonly formats: ReadonlySet<unknown>;
  readonly everythingRequired: boolean;
  readonly recursion: boolean;
  readonly pattern: RegExp;
  readonly maxMinItems: number;
}

const SHARED = ["type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf"];
const NAMES = ["$ref", "$defs", "title", "description", "pattern", "format", "minItems"];
const FORMATS = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];
const TYPES = new Set<unknown>(["string", "number", "integer", "boolean", "object", "array", "null"]);
const LOOKS_AROUND = /\(\?(?:=|!|<=|<!)/;

const OPENAI: Subset = {
  keywords: new Set([
    ...[...SHARED, ...NAMES, "maxItems"],
    ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  ]),
  formats: new Set(FORMATS),
  everythingRequired: true,
  recursion: true,
  pattern: LOOKS_AROUND,
  maxMinItems: Infinity,
};

const ANTHROPIC: Subset = {
  keywords: new Set([...SHARED, ...NAMES, "default"]),
  formats: new Set([...FORMATS, "uri"]),
  everythingRequired: false,
  recursion: false,
  pattern: /\(\?(?:=|!|<=|<!)|\\b|\\[1-9]/,
  maxMinItems: 1,
};

/** Structured Outputs of OpenAI. */
export function findOpenAiProblem(schema: Json): string | null {
  const totals = { properties: 0, enums: 0, characters: 0 };
  const problem = check(schema, schema, OPENAI, "#", 1, totals);
  if (problem !== null) return problem;
  if ("anyOf" in schema) return "anyOf at the root";
  if (totals.properties > 5_000) return "too many properties";
  if (totals.enums > 1_000) return "too many enum values";
  return totals.characters > 120_000 ? "too many characters" : null;
}

/** Strict tools of Anthropic. */
export function findAnthropicProblem(schema: Json): string | null {
  const problem = check(schema, schema, ANTHROPIC, "#", 1, { properties: 0, enums: 0, characters: 0 });
  if (problem !== null) return problem;
  return findCircle(schema, schema, new Set()) ? "a circle of references" : null;
}

interface Totals {
  properties: number;
  enums: number;
  characters: number;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function check(schema: unknown, root: Json, subset: Subset, at: string, depth: number, totals: Totals): string | null {
  if (!isObject(schema)) return `${at} is no object`;
  if (at === "#" && schema["type"] !== "object") return "the root is no object";
  if (depth > 10 && subset.everythingRequired) return `${at} is too deep`;
  const foreign = Object.keys(schema).find((keyword) => !subset.keywords.has(keyword));
  if (foreign !== undefined) return `${foreign} at ${at}`;
  return (
    checkShape(schema, root, at) ??
    checkObject(schema, subset, at, totals) ??
    checkValues(schema, subset, at, totals) ??
    checkInside(schema, root, subset, at, depth, totals)
  );
}

function checkShape(schema: Json, root: Json, at: string): string | null {
  const ref = schema["$ref"];
  if (ref !== undefined) {
    const beside = Object.keys(schema).filter(
      (keyword) => !["$ref", "title", "description", "default"].includes(keyword),
    );
    if (beside.length > 0) return `$ref with ${beside.join(", ")} at ${at}`;
    return resolve(root, ref) === undefined ? `$ref at ${at} leads nowhere` : null;
  }
  const { type } = schema;
  if (type === undefined) return "anyOf" in schema ? null : `${at} has no type`;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.every((one) => TYPES.has(one)) ? null : `a type at ${at}`;
}

function checkObject(schema: Json, subset: Subset, at: string, totals: Totals): string | null {
  const types: readonly unknown[] = [schema["type"]].flat();
  if (!types.includes("object")) return "properties" in schema ? `properties of no object at ${at}` : null;
  if (schema["additionalProperties"] !== false) return `${at} is open`;
  const { properties, required } = schema;
  if (!isObject(properties)) return `no properties at ${at}`;
  const names = Object.keys(properties);
  totals.properties += names.length;
  totals.characters += names.join("").length;
  const listed: readonly unknown[] = Array.isArray(required) ? required : [];
  if (listed.some((name) => !names.includes(String(name)))) return `required of no property at ${at}`;
  const optional = names.find((name) => !listed.includes(name));
  return optional !== undefined && subset.everythingRequired ? `${optional} is optional at ${at}` : null;
}

function checkValues(schema: Json, subset: Subset, at: string, totals: Totals): string | null {
  const types: readonly unknown[] = [schema["type"]].flat();
  if (types.includes("array") && !isObject(schema["items"])) return `no items at ${at}`;
  if (schema["format"] !== undefined && !subset.formats.has(schema["format"])) return `format at ${at}`;
  const { pattern } = schema;
  if (typeof pattern === "string" && subset.pattern.test(pattern)) return `pattern at ${at}`;
  if (Number(schema["minItems"] ?? 0) > subset.maxMinItems) return `minItems at ${at}`;
  const values: readonly unknown[] = Array.isArray(schema["enum"]) ? schema["enum"] : [];
  totals.enums += values.length;
  const text = values.filter((value) => typeof value === "string").join("");
  totals.characters += text.length;
  if (values.length > 250 && text.length > 15_000 && subset.everythingRequired) return `a large enum at ${at}`;
  return values.some((value) => typeof value === "object" && value !== null) ? `an enum of objects at ${at}` : null;
}

function checkInside(
  schema: Json,
  root: Json,
  subset: Subset,
  at: string,
  depth: number,
  totals: Totals,
): string | null {
  const inside: (readonly [string, unknown, number])[] = [
    ...["properties", "$defs"].flatMap((keyword) =>
      Object.entries(isObject(schema[keyword]) ? schema[keyword] : {}).map(
        ([name, member]) => [`${keyword}/${name}`, member, depth + 1] as const,
      ),
    ),
    ...("items" in schema ? [["items", schema["items"], depth + 1] as const] : []),
    ...(Array.isArray(schema["anyOf"]) ? schema["anyOf"] : []).map(
      (member: unknown, index) => [`anyOf/${index}`, member, depth] as const,
    ),
  ];
  for (const [step, member, level] of inside) {
    const problem = check(member, root, subset, `${at}/${step}`, level, totals);
    if (problem !== null) return problem;
  }
  return null;
}

function resolve(root: Json, ref: unknown): unknown {
  if (ref === "#") return root;
  const definitions = root["$defs"];
  const name = String(ref).replace("#/$defs/", "");
  return isObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

function findCircle(node: unknown, root: Json, open: ReadonlySet<unknown>): boolean {
  if (typeof node !== "object" || node === null) return false;
  const ref = (node as Json)["$ref"];
  if (typeof ref === "string") {
    return open.has(ref) || ref === "#" || findCircle(resolve(root, ref), root, new Set([...open, ref]));
  }
  return Object.entries(node).some(([keyword, member]) => keyword !== "$defs" && findCircle(member, root, open));
}
