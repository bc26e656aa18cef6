// From untrusted data to a checked definition, or to everything that is wrong with it. What every tool has is checked by the
// same code that publishes tools; here is what HTTP adds.
import { type Problem, toProblemsError } from "../../errors/toolyard-error.ts";
import { deepFreeze } from "../../kernel/freeze.ts";
import { formatPath } from "../../call/issue.ts";
import { type Effect, EFFECTS } from "../../tool/effect.ts";
import type { AnyDefinition } from "../../tool/definition.ts";
import { publishTool, toLabel } from "../../tool/publish.ts";
import { FieldReader } from "../../tool/publishing/field-reader.ts";
import { copyJson } from "../../tool/schema/copy-json.ts";
import { formatSchemaPath } from "../../tool/schema/create-schema.ts";
import { describeValue } from "../../tool/schema/describe-value.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import { checkSchemaBudget } from "../../tool/schema/untrusted-schema.ts";
import type { HttpToolDefinition } from "./http-tool-definition.ts";
import { readInputMembers } from "./input-members.ts";
import { BUILT_IN_SCHEMES } from "./read-auth.ts";
import { readExchange } from "./read-exchange.ts";

type Fields = Readonly<Record<string, unknown>>;

const MAX_BYTES = 524_288;
// As deep as schemas may be, see `tool/schema/create-schema.ts`.
const COPY_RULES = { maxDepth: 256, instances: "refuse", bigints: false } as const;

/** What a definition has, besides `http`, that every tool has. */
const COMMON = [
  ...["name", "version", "description", "title", "category", "tags", "effect", "idempotent", "access", "limits"],
  ...["concurrency", "cost", "timeoutMs", "attemptTimeoutMs", "upstream", "retry", "breaker", "bulkhead", "cache"],
  ...["fallback", "result", "exactNumbers", "input", "output", "examples"],
];
/** What is said otherwise, or is code. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["honoursKeys", "is said by http.idempotencyKeyHeader; leave it out"],
  ["handler", "is code, and this tool is data: http says what it does; leave it out"],
  ["status", "is code, and this tool is data; leave it out"],
]);
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["parameters", "input, or http.parameters"],
  ["inputSchema", "input"],
  ["input_schema", "input"],
  ["outputSchema", "output"],
  ["timeout", "timeoutMs"],
  ["retries", "retry"],
  ["circuitBreaker", "breaker"],
  ["roles", "access"],
  ["id", "name"],
  ["url", "http.url"],
  ["method", "http.method"],
  ["headers", "http.headers"],
  ["auth", "http.auth"],
  ["response", "http.response"],
  ["errors", "http.errors"],
]);
/** Definitions that were made here, frozen. */
const checked = new WeakSet<object>();
const ANYTHING = Object.freeze({ type: "object" });
const READING = ["GET", "HEAD", "OPTIONS"];
const REPEATABLE = ["PUT", "DELETE"];

export interface ParseHttpToolOptions {
  /** Schemes of references to secrets besides `env`, `file` and `vault`: those of the operator's providers. @default none */
  readonly secretSchemes?: readonly string[];
}

/**
 * Checks `data`, the definition of an HTTP tool as JSON or YAML gives it, and fills in its defaults; what comes back
 * is frozen and of our own. Throws a ToolyardError INVALID_DEFINITION with everything that is wrong in `problems`:
 * the path, what was received, what is accepted, the nearest accepted name. Schemas are taken within
 * `UNTRUSTED_SCHEMA`, the whole definition within 524,288 bytes. A definition that has been checked comes back as it
 * is.
 */
export function parseHttpTool(data: unknown, options: ParseHttpToolOptions = {}): HttpToolDefinition {
  if (typeof data === "object" && data !== null && checked.has(data)) return data as HttpToolDefinition;
  const problems: Problem[] = [];
  const fields = copyFields(data, problems);
  const label = toLabel(fields);
  const definition = problems.length > 0 ? null : readDefinition(fields, label, problems, toSchemes(options));
  if (definition !== null && problems.length === 0) {
    checked.add(definition);
    return deepFreeze(definition);
  }
  throw toProblemsError("INVALID_DEFINITION", `${label}: the HTTP tool cannot be used.`, problems);
}

function toSchemes({ secretSchemes = [] }: ParseHttpToolOptions): readonly string[] {
  return [...BUILT_IN_SCHEMES, ...secretSchemes];
}

function copyFields(data: unknown, problems: Problem[]): Fields {
  const copied = copyJson(data, COPY_RULES);
  if (!copied.ok) {
    for (const { path, message, expected, received } of copied.issues) {
      const at = path.length === 0 ? "(definition)" : formatPath(path);
      problems.push({ path: at, message: `${message}: expected ${expected}, received ${received}` });
    }
    return {};
  }
  if (!isSchema(copied.value)) {
    const message = `received ${describeValue(copied.value)}, expected the definition of a tool: an object`;
    problems.push({ path: "(definition)", message });
    return {};
  }
  const bytes = Buffer.byteLength(JSON.stringify(copied.value));
  if (bytes > MAX_BYTES)
    problems.push({ path: "(definition)", message: `has ${bytes} bytes as JSON, at most ${MAX_BYTES} are taken` });
  return copied.value;
}

function readDefinition(
  fields: Fields,
  label: string,
  problems: Problem[],
  schemes: readonly string[],
): HttpToolDefinition | null {
  const reader = new FieldReader(fields, `${label}: `, problems);
  for (const [field, message] of ELSEWHERE) if (reader.has(field)) reader.report(field, message);
  reader.refuseUnknown([...COMMON, ...ELSEWHERE.keys(), "http"], SYNONYMS);
  if (fields["exactNumbers"] === "text")
    reader.report("exactNumbers", 'received "text", expected "bigint": a number goes out as a number, not as text');
  const members = readInputMembers(reader, fields["input"]);
  const { effect, idempotent } = readEffect(fields);
  const http = readExchange(reader, fields, members, { effect, schemes });
  const common = Object.fromEntries(COMMON.filter((field) => reader.has(field)).map((field) => [field, fields[field]]));
  const unbounded = checkBudgets(fields, label, problems);
  const definition = { ...common, effect, idempotent, input: members.input };
  problems.push(...check({ ...definition, ...unbounded }, http?.idempotencyKeyHeader !== undefined));
  return http === null ? null : ({ ...definition, http } as unknown as HttpToolDefinition);
}

/** What stands in for the schemas that are not within their bounds, and so are looked at no further. */
function checkBudgets(fields: Fields, label: string, problems: Problem[]): Fields {
  const unbounded: Record<string, unknown> = {};
  for (const side of ["input", "output"]) {
    const schema = fields[side];
    if (!isSchema(schema)) continue;
    for (const { path, message } of checkSchemaBudget(schema)) {
      unbounded[side] = ANYTHING;
      problems.push({ path: `${label}: ${side}${formatSchemaPath(path)}`, message });
    }
  }
  return unbounded;
}

/** What the methods promise (RFC 9110 §9.2), unless the definition says more, or less. */
function readEffect(fields: Fields): { readonly effect: unknown; readonly idempotent: unknown } & { effect: Effect } {
  const method = isSchema(fields["http"]) ? fields["http"]["method"] : undefined;
  const byMethod: Effect = READING.includes(String(method)) ? "read" : "write";
  const effect = (fields["effect"] ?? byMethod) as Effect;
  const repeats = effect === "read" || (EFFECTS.includes(effect) && REPEATABLE.includes(String(method)));
  return { effect, idempotent: fields["idempotent"] ?? repeats };
}

/** Everything that is wrong with the definition as with that of any tool. */
function check(definition: Fields, honoursKeys: boolean): readonly Problem[] {
  const published = publishTool({ ...definition, honoursKeys, handler: () => null } as unknown as AnyDefinition);
  return published.ok ? [] : published.problems;
}
