// From what an author gave as a schema to a `Schema`, or to everything that is wrong with it. Runs once per tool version,
// at registration; nothing is compiled here.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Problem } from "../../errors/toolyard-error.ts";
import { deepFreeze } from "../../kernel/freeze.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { convert, type Side } from "./conversion.ts";
import { copyJson } from "./copy-json.ts";
import { describeValue } from "./describe-value.ts";
import { findDialect } from "./dialect.ts";
import { isSchema } from "./json-type.ts";
import { createLibrarySchema } from "./library-schema.ts";
import { createRawSchema } from "./raw-schema.ts";
import { derefSchema } from "./resolve-ref.ts";
import type { JsonSchema, Schema } from "./schema.ts";
import type { SchemaProblem } from "./schema-walk.ts";

export type CreatedSchema =
  | { readonly ok: true; readonly schema: Schema }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface SchemaContext {
  /** Where the schema stands, such as `orders.get@1.2.0: input`; the paths of problems begin with it. */
  readonly path: string;
}

// Properties nest by two levels of JSON, so this leaves room for the 64 levels of subschemas.
const COPY_RULES = { maxDepth: 256, instances: "refuse", bigints: false } as const;

function isStandardSchema(schema: unknown): schema is StandardSchemaV1 {
  if ((typeof schema !== "object" || schema === null) && typeof schema !== "function") return false;
  const standard = (schema as Partial<StandardSchemaV1>)["~standard"];
  return typeof standard === "object" && standard !== null && typeof standard.validate === "function";
}

/**
 * Makes a tool's schema ready: a Standard Schema that offers JSON Schema, or a JSON Schema (2020-12; draft-07 when its
 * `$schema` says so). The JSON Schema is copied and frozen; the author's own object is left as it is. Never throws: what
 * is wrong comes back as problems that name path, what was received and what to write.
 */
export function createSchema(schema: unknown, side: Side, context: SchemaContext): CreatedSchema {
  try {
    return isStandardSchema(schema) ? fromLibrary(schema, side, context) : fromJsonSchema(schema, side, context);
  } catch {
    // A getter or a Proxy; everything of ours returns.
    return refuse([{ path: [], message: "cannot be read: a property of it throws" }], context);
  }
}

function fromLibrary(schema: StandardSchemaV1, side: Side, context: SchemaContext): CreatedSchema {
  const converted = convert(schema, side);
  if (!converted.ok) return refuse([converted.problem], context);
  const checked = checkData(converted.jsonSchema, side, false);
  if (!checked.ok) return refuse(checked.problems, context);
  return { ok: true, schema: createLibrarySchema(schema, checked.jsonSchema) };
}

function fromJsonSchema(schema: unknown, side: Side, context: SchemaContext): CreatedSchema {
  if (!isSchema(schema)) {
    const message = `received ${describeValue(schema)}, expected a Standard Schema (Zod, ArkType, Valibot) or a JSON Schema object`;
    return refuse([{ path: [], message }], context);
  }
  const checked = checkData(schema, side, true);
  if (!checked.ok) return refuse(checked.problems, context);
  const dialect = findDialect(checked.jsonSchema);
  return { ok: true, schema: createRawSchema(checked.jsonSchema, dialect.ok ? dialect.dialect : "2020-12") };
}

type CheckedData =
  | { readonly ok: true; readonly jsonSchema: JsonSchema }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

/** `schema` as frozen data of our own. */
function checkData(schema: JsonSchema, side: Side, patterns: boolean): CheckedData {
  const copied = copyJson(schema, COPY_RULES);
  if (!copied.ok) {
    const problems = copied.issues.map(({ path, message, expected, received, hint }) => ({
      path,
      message: `${message}: expected ${expected}, received ${received}${hint === null ? "" : `; ${hint}`}`,
    }));
    return { ok: false, problems };
  }
  const jsonSchema = copied.value as JsonSchema;
  const dialect = findDialect(jsonSchema);
  if (!dialect.ok) return { ok: false, problems: [{ path: ["$schema"], message: dialect.message }] };
  const problems = [...checkJsonSchema(jsonSchema, { dialect: dialect.dialect, patterns })];
  if (side === "input") problems.push(...checkInputRoot(jsonSchema));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, jsonSchema: deepFreeze(jsonSchema) };
}

/** Arguments are an object, and models are told so at the root. */
function checkInputRoot(root: JsonSchema): readonly SchemaProblem[] {
  const target = derefSchema(root, root);
  const type = isSchema(target) ? target["type"] : undefined;
  if (type === "object") return [];
  if (type !== undefined) {
    const remedy = Array.isArray(type) ? 'write type: "object"' : "put the value into a property of an object";
    return [{ path: ["type"], message: `received ${describeValue(type)}; arguments are an object: ${remedy}` }];
  }
  const union = ["anyOf", "oneOf", "allOf"].find((keyword) => isSchema(target) && target[keyword] !== undefined);
  const message =
    union === undefined
      ? 'has no type; arguments are an object: add type: "object"'
      : `has ${union} in place of a type; models want an object at the root: put the ${union} into a property of one`;
  return [{ path: [], message }];
}

function refuse(problems: readonly SchemaProblem[], context: SchemaContext): CreatedSchema {
  return {
    ok: false,
    problems: problems.map(({ path, message }) => ({ path: `${context.path}${formatSchemaPath(path)}`, message })),
  };
}

/** `.properties.id`, `["odd name"]`, `[0]`. */
export function formatSchemaPath(path: readonly (string | number)[]): string {
  return path
    .map((key) => {
      if (typeof key === "number") return `[${key}]`;
      return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join("");
}
