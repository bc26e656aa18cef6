// From a definition to a published tool, or to everything that is wrong with it: a bad definition never registers half.
// Whatever the definition is (a Proxy, getters that throw or change their mind), every field is read once, here.
import type { Problem } from "../errors/toolyard-error.ts";
import { toDigest } from "../kernel/canonical-json.ts";
import { deepFreeze } from "../kernel/freeze.ts";
import { formatPath, type Issue } from "../call/issue.ts";
import type { AnyDefinition } from "./definition.ts";
import { FieldReader } from "./publishing/field-reader.ts";
import { DATA_FIELDS, readFields } from "./publishing/read-fields.ts";
import { readResilience, RESILIENCE_FIELDS } from "./publishing/read-resilience.ts";
import { checkOutput } from "./schema/check-output.ts";
import { copyJson } from "./schema/copy-json.ts";
import { createSchema } from "./schema/create-schema.ts";
import { describeValue } from "./schema/describe-value.ts";
import type { Schema } from "./schema/schema.ts";
import type { PublishedTool, ToolVersion } from "./tool-version.ts";

export type PublishedDefinition =
  | { readonly ok: true; readonly tool: PublishedTool }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const CODE_FIELDS = ["input", "output", "cost", "handler"] as const;
/** What a definition may have. */
export const DEFINITION_FIELDS: readonly string[] = [...DATA_FIELDS, ...RESILIENCE_FIELDS, ...CODE_FIELDS];
/** What other libraries call our fields. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["parameters", "input"],
  ["inputSchema", "input"],
  ["input_schema", "input"],
  ["outputSchema", "output"],
  ["execute", "handler"],
  ["run", "handler"],
  ["invoke", "handler"],
  ["timeout", "timeoutMs"],
  ["retries", "retry"],
  ["circuitBreaker", "breaker"],
  ["roles", "access"],
  ["id", "name"],
]);
const COPY_RULES = { maxDepth: 64, instances: "refuse", bigints: false } as const;
const NO_ARGUMENTS = { type: "object", properties: {}, additionalProperties: false };

type Fields = Record<string, unknown>;
type VersionData = Omit<ToolVersion, "inputSchema" | "outputSchema" | "digest">;

/**
 * Checks `definition` and makes it ready: its schemas (nothing is compiled), its defaults, its frozen version and digest.
 * Never throws. Problems have paths such as `orders.get@1.2.0: input.properties.id` and say what was received, what is
 * accepted and the nearest accepted value. Roles are not looked up here.
 */
export function publishTool(definition: AnyDefinition): PublishedDefinition {
  const problems: Problem[] = [];
  const fields = readOnce(definition, problems);
  const label = toLabel(fields);
  const reader = new FieldReader(fields, `${label}: `, problems);
  reader.refuseUnknown(DEFINITION_FIELDS, SYNONYMS);
  const data = copyData(fields, label, problems);
  const { cost, handler } = fields;
  if (typeof handler !== "function") {
    reader.report(
      "handler",
      handler === undefined ? "is missing" : `received ${describeValue(handler)}, expected a function`,
    );
  }
  const version = data === null ? null : readVersion(reader, data, fields, readCost(reader, cost));
  const input = toSchema(fields["input"] === undefined ? NO_ARGUMENTS : fields["input"], "input", label, problems);
  const output = fields["output"] === undefined ? null : toSchema(fields["output"], "output", label, problems);
  if (problems.length > 0 || version === null || input === null) return { ok: false, problems };
  return seal(version, input, output, fields, label);
}

/** The version without its schemas. */
function readVersion(reader: FieldReader, data: Fields, fields: Fields, cost: number | null): VersionData {
  const read = readFields(reader.of(data), data, cost);
  return { ...read, ...readResilience(reader, fields, read) };
}

/** The fields of the definition as they are now, whatever reading them again would give. */
function readOnce(definition: unknown, problems: Problem[]): Fields {
  const fields: Fields = {};
  if (typeof definition !== "object" || definition === null) {
    problems.push({
      path: "(unnamed tool)",
      message: `received ${describeValue(definition)}, expected a definition: an object`,
    });
    return fields;
  }
  let keys: readonly string[] = [];
  try {
    keys = Object.keys(definition);
  } catch {
    problems.push({ path: "(unnamed tool)", message: "cannot be read: listing its fields throws" });
  }
  for (const key of keys) {
    try {
      const value = toOwn(key, (definition as Fields)[key]);
      if (value !== undefined)
        Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
    } catch {
      problems.push({ path: `${toLabel(fields)}: ${key}`, message: "cannot be read: the field throws" });
    }
  }
  return fields;
}

/** A policy is an object of plain members: they too are read once. */
function toOwn(key: string, value: unknown): unknown {
  const isPolicy = (RESILIENCE_FIELDS as readonly string[]).includes(key);
  return isPolicy && typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : value;
}

/** How a definition is called in the paths of its problems: `orders.get@1.2.0`. */
export function toLabel({ name, version }: Readonly<Record<string, unknown>>): string {
  if (typeof name !== "string" || name === "") return "(unnamed tool)";
  const shown = name.length > 128 ? `${name.slice(0, 127)}…` : name;
  return typeof version === "string" && version !== "" && version.length <= 64 ? `${shown}@${version}` : shown;
}

/** The fields that are data, as data of our own; null when they are not. */
function copyData(fields: Fields, label: string, problems: Problem[]): Fields | null {
  const data: Fields = {};
  for (const field of DATA_FIELDS) if (fields[field] !== undefined) data[field] = fields[field];
  const copied = copyJson(data, COPY_RULES);
  if (copied.ok) return copied.value as Fields;
  for (const { path, message, expected, received } of copied.issues) {
    problems.push({
      path: `${label}: ${formatPath(path)}`,
      message: `${message}: expected ${expected}, received ${received}`,
    });
  }
  return null;
}

/** The cost, or null when it is a function. */
function readCost(reader: FieldReader, cost: unknown): number | null {
  if (typeof cost === "function") return null;
  if (cost === undefined) return 1;
  if (typeof cost === "number" && cost >= 0 && Number.isFinite(cost)) return cost;
  reader.report("cost", `received ${describeValue(cost)}, expected a number of 0 or more, or a function of the input`);
  return 0;
}

function toSchema(schema: unknown, side: "input" | "output", label: string, problems: Problem[]): Schema | null {
  const created = createSchema(schema, side, { path: `${label}: ${side}` });
  if (created.ok) return created.schema;
  problems.push(...created.problems);
  return null;
}

function seal(
  data: VersionData,
  input: Schema,
  output: Schema | null,
  fields: Fields,
  label: string,
): PublishedDefinition {
  const content: Omit<ToolVersion, "digest"> = {
    ...data,
    inputSchema: input.jsonSchema,
    outputSchema: output === null ? null : output.jsonSchema,
  };
  let digest: string;
  try {
    digest = toDigest(content);
  } catch {
    return {
      ok: false,
      problems: [{ path: label, message: "holds text that is not Unicode (half of a surrogate pair); remove it" }],
    };
  }
  const version: ToolVersion = deepFreeze({ ...content, digest });
  // What runs is what was checked: the data of the version, and the schemas, cost and handler that were read once.
  // Without the author's schemas: `Schema` has a checked copy, and every tool would hold both for as long as it lives.
  const { input: _input, output: _output, ...kept }: Fields = fields;
  for (const field of DATA_FIELDS) if (fields[field] !== undefined) kept[field] = version[field];
  const tool: PublishedTool = Object.freeze({
    version,
    definition: Object.freeze(kept) as unknown as AnyDefinition,
    input,
    output,
  });
  return { ok: true, tool };
}

/**
 * Compiles the schemas of `tool` and validates its examples and the value of its fallback as they are: what is wrong, empty
 * when nothing is.
 */
export async function checkExamples(tool: PublishedTool): Promise<readonly Problem[]> {
  const label = `${tool.version.name}@${tool.version.version}`;
  const problems: Problem[] = [];
  for (const [side, schema] of [
    ["input", tool.input],
    ["output", tool.output],
  ] as const) {
    try {
      schema?.compile();
    } catch (error) {
      problems.push({
        path: `${label}: ${side}`,
        message: `does not compile: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  if (problems.length > 0) return problems;
  const report = (issues: readonly Issue[], at: readonly (string | number)[]): void => {
    for (const { path, message, expected, received } of issues) {
      const where = formatPath([...at, ...path]);
      problems.push({ path: `${label}: ${where}`, message: `${message}: expected ${expected}, received ${received}` });
    }
  };
  for (const [index, example] of tool.version.examples.entries()) {
    const validation = await tool.input.validate(example);
    if (!validation.ok) report(validation.issues, ["examples", index]);
  }
  const { fallback } = tool.version;
  const stand = fallback?.kind === "value" ? await checkOutput(tool, fallback.value) : null;
  if (stand?.ok === false) report(stand.issues, ["fallback", "value"]);
  return problems;
}
