// Writes the types and the table of the client out of the routes: `npm run client:update`. A test compares the committed ones.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "oxfmt";
import { type OpenapiDocument, type Operation, type Schema, toOpenapi } from "../src/server/openapi/index.ts";
import { ROUTES } from "../src/server/rest/index.ts";
import { ROOT } from "./entries.ts";

/** Where the committed text is, from the root of the repository. */
export const OPERATIONS = "src/client/operations.ts";

const HEAD = `// What the server can be asked, out of its routes. Written by \`npm run client:update\`, never by hand.

/** How an operation is sent. */
export interface OperationShape {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With its parameters in braces. */
  readonly path: string;
  readonly query: readonly string[];
  /** Names of header fields by the names they have as input. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: boolean;
}
`;

/** Names that are settings of a request, so that no parameter may have them. */
const TAKEN = new Set(["body", "headers", "signal"]);

/** The text of `src/client/operations.ts`, formatted. */
export async function emitOperations(): Promise<string> {
  const document = toOpenapi(ROUTES, { version: "0" });
  const operations = toOperations(document);
  const named = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${toDoc(schema.description)}export interface ${name} ${toType(schema, "output")}\n`,
  );
  const types = operations.map(({ operation }) => toOperationType(operation));
  const table = operations.map((each) => `${each.operation.operationId}: ${JSON.stringify(toShape(each))},`);
  const text = [
    HEAD,
    ...named,
    `/** What each operation takes and answers. */\nexport interface Operations {\n${types.join("\n")}\n}\n`,
    `export const OPERATIONS: Readonly<Record<keyof Operations, OperationShape>> = {\n${table.join("\n")}\n};\n`,
  ].join("\n");
  const { code, errors } = await format(OPERATIONS, text, { printWidth: 120 });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return code;
}

interface Placed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function toOperations({ paths }: OpenapiDocument): readonly Placed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

function toShape({ path, method, operation }: Placed): object {
  const { parameters = [], requestBody } = operation;
  const headers = parameters.filter((one) => one.in === "header").map(({ name }) => [toMember(name), name]);
  const query = parameters.filter((one) => one.in === "query").map(({ name }) => name);
  const shape = { path, query, headers: Object.fromEntries(headers), body: requestBody !== undefined };
  return { method: method.toUpperCase(), ...shape };
}

function toOperationType({ operationId, summary, parameters = [], requestBody, responses }: Operation): string {
  const names = parameters.map(({ name }) => toMember(name));
  const doubled = names.find((name, index) => TAKEN.has(name) || names.indexOf(name) !== index);
  if (doubled !== undefined) throw new Error(`${operationId}: two things are called ${doubled}`);
  const members = parameters.map(({ name, required, schema, description }) => {
    const type = schema.enum?.join() === "true,false" ? "boolean" : toType(schema, "input");
    return toDoc(description) + toInputMember(toMember(name), required, type);
  });
  if (requestBody !== undefined) {
    const type = toType(requestBody.content["application/json"]?.schema ?? {}, "input");
    members.push(toDoc(requestBody.description) + toInputMember("body", requestBody.required, type));
  }
  const answers = Object.values(responses).map(({ content = {} }) => content);
  const content = answers.find((types) => !("application/problem+json" in types)) ?? {};
  const answer = content["application/json"]?.schema ?? content["text/html"]?.schema;
  const output = answer === undefined ? "undefined" : toType(answer, "output");
  const input = members.length === 0 ? "object" : `{ ${members.join("\n")} }`;
  return `${toDoc(summary)}readonly ${operationId}: { readonly input: ${input}; readonly output: ${output} };`;
}

function toInputMember(name: string, required: boolean, type: string): string {
  if (required) return `readonly ${name}: ${type};`;
  return `readonly ${name}?: ${type === "unknown" ? type : `${type} | undefined`};`;
}

/** `Idempotency-Key` as `idempotencyKey`. */
function toMember(name: string): string {
  if (!name.includes("-")) return name;
  return name.toLowerCase().replace(/-(\w)/g, (_whole, letter: string) => letter.toUpperCase());
}

function toDoc(text: string | undefined): string {
  return text === undefined ? "" : `/** ${text.replaceAll("*/", "*\\/")} */\n`;
}

type Side = "input" | "output";

function toType(schema: Schema, side: Side): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "unknown";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) return alternatives.map((one) => toType(one, side)).join(" | ");
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.length === 0 ? "unknown" : types.map((type) => toTypeOf(type, schema, side)).join(" | ");
}

function toTypeOf(type: string, schema: Schema, side: Side): string {
  switch (type) {
    case "object":
      return toObject(schema, side);
    case "array":
      return `readonly (${toType(schema.items ?? {}, side)})[]`;
    case "integer":
      return "number";
    default:
      return type;
  }
}

function toObject({ properties = {}, required = [], additionalProperties }: Schema, side: Side): string {
  const entries = Object.entries(properties);
  const others = typeof additionalProperties === "object" ? toType(additionalProperties, side) : "unknown";
  if (entries.length === 0) return additionalProperties === false ? "object" : `Readonly<Record<string, ${others}>>`;
  const members = entries.map(([name, schema]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const type = toType(schema, side);
    const isThere = required.includes(name);
    const member =
      side === "input" ? toInputMember(key, isThere, type) : `readonly ${key}${isThere ? "" : "?"}: ${type};`;
    return toDoc(schema.description) + member;
  });
  // What comes may have more than was known when this was written.
  if (additionalProperties !== false) members.push("readonly [name: string]: unknown;");
  return `{ ${members.join("\n")} }`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await writeFile(join(ROOT, OPERATIONS), await emitOperations());
}
