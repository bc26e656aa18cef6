// The fields of a definition, checked, with the defaults that `definition.ts` promises.
import semver from "semver";
import type { Access } from "../access.ts";
import { checkConcurrency, checkLimits } from "../check-limit.ts";
import { EFFECT_DEFAULTS, EFFECTS, type Effect } from "../effect.ts";
import type { ConcurrencyLimit, Limit } from "../limit.ts";
import { CODE, type DefinitionSource, SOURCE_KIND } from "../source.ts";
import { TOOL_NAME } from "../tool-ref.ts";
import type { ResilienceFields } from "../resilience.ts";
import type { ToolVersion } from "../tool-version.ts";
import { isObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { describeValue } from "../schema/describe-value.ts";
import { checkCost } from "./check-cost.ts";
import type { FieldReader } from "./field-reader.ts";

/** Everything of a version that is data and does not come from its schemas. */
export type DataFields = Omit<ToolVersion, keyof ResilienceFields | "inputSchema" | "outputSchema" | "digest">;

/** The fields of a definition that are data. */
export const DATA_FIELDS = [
  "name",
  "version",
  "description",
  "title",
  "category",
  "tags",
  "effect",
  "idempotent",
  "honoursKeys",
  "access",
  "limits",
  "concurrency",
  "timeoutMs",
  "exactNumbers",
  "source",
  "examples",
] as const;

const EXACT_NUMBERS = ["bigint", "text"] as const;
const ACCESS_FIELDS = ["roles", "principals", "tenants", "scopes"];
const MAX_DESCRIPTION = 4_096;
const MAX_TITLE = 256;
const MAX_LABEL = 64;
const MAX_TAGS = 32;
const MAX_EXAMPLES = 32;
const MAX_TIMEOUT_MS = 86_400_000;
const MAX_ACCESS_ENTRIES = 1_024;
const MAX_ACCESS_ENTRY = 256;

/** Reads the data fields of `fields`; problems go to the reader. `cost` is null when a function computes it. */
export function readFields(
  reader: FieldReader,
  fields: Readonly<Record<string, unknown>>,
  cost: number | null,
): DataFields {
  for (const field of ["name", "version", "description"]) if (!reader.has(field)) reader.report(field, "is missing");
  const name = readName(reader, fields["name"]);
  return {
    name,
    version: readVersion(reader, fields["version"]),
    title: reader.text("title", MAX_TITLE) ?? name,
    description: reader.text("description", MAX_DESCRIPTION) ?? "",
    category: reader.text("category", MAX_LABEL) ?? toCategory(name),
    tags: reader.texts("tags", MAX_TAGS, MAX_LABEL) ?? [],
    examples: readExamples(reader, fields["examples"]),
    access: readAccess(reader),
    exactNumbers: reader.choice("exactNumbers", EXACT_NUMBERS) ?? null,
    ...readEffect(reader),
    ...readPolicies(reader, fields, cost),
    ...readSource(reader, fields["source"]),
  };
}

function readEffect(reader: FieldReader): Pick<DataFields, "effect" | "idempotent" | "honoursKeys"> {
  const effect: Effect = reader.choice("effect", EFFECTS) ?? "destructive";
  const idempotent = reader.flag("idempotent") ?? EFFECT_DEFAULTS[effect].idempotent;
  if (effect === "read" && !idempotent) {
    const message = "is false although effect is read: repeating a reading call changes nothing; leave it out";
    reader.report("idempotent", message);
  }
  return { effect, idempotent, honoursKeys: reader.flag("honoursKeys") ?? false };
}

function readPolicies(
  reader: FieldReader,
  fields: Readonly<Record<string, unknown>>,
  cost: number | null,
): Pick<DataFields, "limits" | "concurrency" | "cost" | "timeoutMs"> {
  const limits = readLimits(reader, fields["limits"]);
  if (cost !== null) reader.reportAll(checkCost(cost, limits));
  return {
    limits,
    concurrency: readConcurrency(reader, fields["concurrency"]),
    cost: cost ?? "computed",
    timeoutMs: reader.integer("timeoutMs", 1, MAX_TIMEOUT_MS, "milliseconds") ?? null,
  };
}

function readName(reader: FieldReader, name: unknown): string {
  if (typeof name === "string" && TOOL_NAME.test(name)) return name;
  if (name === undefined) return "";
  const expected =
    'expected 1 to 128 letters, digits, "_", "-" and single dots between, beginning with a letter or "_", such as "orders.get"';
  const repaired =
    typeof name === "string"
      ? name
          .trim()
          .replaceAll(/[^A-Za-z0-9_.-]+/g, "_")
          .slice(0, 128)
      : "";
  const advice = TOOL_NAME.test(repaired) ? `; did you mean "${repaired}"?` : "";
  reader.report("name", `received ${describeValue(name)}, ${expected}${advice}`);
  return "";
}

function readVersion(reader: FieldReader, version: unknown): string {
  if (typeof version === "string" && semver.valid(version) === version) return version;
  if (version === undefined) return "";
  const nearest =
    typeof version === "string" || typeof version === "number"
      ? semver.coerce(String(version).slice(0, 64), { includePrerelease: true })
      : null;
  const advice = nearest === null ? "" : `; did you mean "${nearest.version}"?`;
  reader.report(
    "version",
    `received ${describeValue(version)}, expected an exact semantic version without build metadata, such as "1.2.0"${advice}`,
  );
  return "";
}

function toCategory(name: string): string {
  const dot = name.indexOf(".");
  // A segment may be longer than a category that was given; it is part of a name that was checked.
  return dot === -1 ? "general" : name.slice(0, dot);
}

function readLimits(reader: FieldReader, limits: unknown): readonly Limit[] {
  const problems = checkLimits(limits, "limits");
  reader.reportAll(problems);
  return problems.length === 0 && limits !== undefined ? (limits as readonly Limit[]) : [];
}

function readConcurrency(reader: FieldReader, limits: unknown): readonly ConcurrencyLimit[] {
  const problems = checkConcurrency(limits, "concurrency");
  reader.reportAll(problems);
  return problems.length === 0 && limits !== undefined ? (limits as readonly ConcurrencyLimit[]) : [];
}

function readExamples(reader: FieldReader, examples: unknown): readonly JsonValue[] {
  if (examples === undefined) return [];
  if (Array.isArray(examples) && examples.length <= MAX_EXAMPLES) return examples as readonly JsonValue[];
  reader.report(
    "examples",
    `received ${describeValue(examples)}, expected an array of at most ${MAX_EXAMPLES} valid inputs`,
  );
  return [];
}

function readAccess(reader: FieldReader): Access | null {
  const inner = reader.record("access", ACCESS_FIELDS, '{ roles: ["USER"] }');
  if (inner === undefined) return null;
  const result: Record<string, readonly string[]> = {};
  for (const field of ACCESS_FIELDS) {
    const entries = inner.texts(field, MAX_ACCESS_ENTRIES, MAX_ACCESS_ENTRY);
    if (entries !== undefined) result[field] = entries;
  }
  if (result["tenants"]?.length === 0)
    inner.report("tenants", "is empty, so nobody may use the tool; name tenants or leave it out");
  return result;
}

/** Nothing when there is none: what has no source has the digest that it had before there were any. */
function readSource(reader: FieldReader, source: unknown): { readonly source?: DefinitionSource } {
  const inner = reader.record("source", ["kind", "data"], '{ kind: "http", data: { … } }');
  if (inner === undefined || !isObject(source)) return {};
  const { kind, data } = source;
  if (typeof kind !== "string" || !SOURCE_KIND.test(kind) || kind === CODE) {
    const expected = 'expected lower-case letters, digits and "-", at most 32, other than "code"; such as "http"';
    inner.report("kind", `received ${describeValue(kind)}, ${expected}`);
    return {};
  }
  if (isObject(data)) return { source: { kind, data: data as JsonObject } };
  inner.report("data", `received ${describeValue(data)}, expected an object`);
  return {};
}
