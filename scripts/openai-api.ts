// Cuts what the double of OpenAI's API checks requests by out of OpenAI's published OpenAPI document:
//   node scripts/openai-api.ts <path to openapi.json> <commit>
// Writes the components that the two requests reach, one a line, as published but without what no validator reads. What
// the document lacks is added in `test/providers/openai-api/overlay.ts`, never here.
import { readFileSync, writeFileSync } from "node:fs";

type Json = Readonly<Record<string, unknown>>;

const ROOTS = ["CreateChatCompletionRequest", "CreateResponse"];
const PREFIX = "#/components/schemas/";
const TARGET = new URL("../test/providers/openai-api/requests.jsonl", import.meta.url);
/** Words about a schema; `default` is one, for a validator that changes nothing. */
const UNREAD = new Set([
  "description",
  "example",
  "examples",
  "title",
  "default",
  "deprecated",
  "externalDocs",
  "beta",
]);
/** Their members are named by the API, not by JSON Schema. */
const NAMED = new Set(["properties", "patternProperties", "$defs"]);

function isUnread(keyword: string): boolean {
  return UNREAD.has(keyword) || keyword.startsWith("x-");
}

function strip(node: unknown, isMap = false): unknown {
  if (Array.isArray(node)) return node.map((member) => strip(member));
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => isMap || !isUnread(key));
  return Object.fromEntries(
    // The values of an enum are data: an object among them would not be a schema.
    kept.map(([key, member]) => [key, key === "enum" && !isMap ? member : strip(member, !isMap && NAMED.has(key))]),
  );
}

function findReferences(node: unknown): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  const ref = (node as Json)["$ref"];
  const own = typeof ref === "string" && ref.startsWith(PREFIX) ? [ref.slice(PREFIX.length)] : [];
  return [...own, ...Object.values(node).flatMap(findReferences)];
}

const [source, commit] = process.argv.slice(2);
if (source === undefined || commit === undefined) throw new Error("expected: openapi.json and the commit it is of");
const document = JSON.parse(readFileSync(source, "utf8")) as { components: { schemas: Json }; info: Json };
const found = new Map<string, unknown>();
const open = [...ROOTS];
for (let name = open.pop(); name !== undefined; name = open.pop()) {
  if (found.has(name)) continue;
  if (!Object.hasOwn(document.components.schemas, name)) throw new Error(`${name} is not in the document`);
  const schema = strip(document.components.schemas[name]);
  found.set(name, schema);
  open.push(...findReferences(schema));
}
const header = { source: "https://github.com/openai/openai-openapi", commit, version: document.info["version"] };
const lines = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map((line) => JSON.stringify(line));
writeFileSync(TARGET, `${[JSON.stringify(header), ...lines].join("\n")}\n`);
console.log(`${found.size} components`);
