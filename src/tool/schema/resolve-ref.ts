// Local references: `#`, `#/$defs/address`, `#name` of an `$anchor`. Nothing is ever fetched.
import { isObject } from "../../kernel/json.ts";
import { isSchema } from "./json-type.ts";
import type { JsonSchema } from "./schema.ts";

const MAX_HOPS = 64;

/** What `ref` points at within `root`: a schema object or a boolean; undefined when there is none. */
export function resolveRef(root: JsonSchema, ref: string): JsonSchema | boolean | undefined {
  if (ref === "#") return root;
  const target = ref.startsWith("#/") ? resolvePointer(root, ref.slice(2)) : findAnchor(root, ref.slice(1), MAX_HOPS);
  return typeof target === "boolean" || isSchema(target) ? target : undefined;
}

/** `schema`, or the schema at the end of its references; undefined when they lead nowhere. */
export function derefSchema(root: JsonSchema, schema: JsonSchema): JsonSchema | boolean | undefined {
  let current: JsonSchema | boolean | undefined = schema;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    if (!isSchema(current) || typeof current["$ref"] !== "string") return current;
    current = resolveRef(root, current["$ref"]);
  }
  return undefined;
}

function resolvePointer(root: JsonSchema, pointer: string): unknown {
  let current: unknown = root;
  for (const token of pointer.split("/")) {
    if (typeof current !== "object" || current === null) return undefined;
    const key = decodeToken(token);
    if (key === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function decodeToken(token: string): string | null {
  let text = token;
  if (token.includes("%")) {
    try {
      text = decodeURIComponent(token);
    } catch {
      return null;
    }
  }
  return text.includes("~") ? text.replaceAll("~1", "/").replaceAll("~0", "~") : text;
}

function findAnchor(schema: unknown, name: string, depth: number): unknown {
  if (typeof schema !== "object" || schema === null || depth === 0) return undefined;
  if (isObject(schema) && schema["$anchor"] === name) return schema;
  for (const member of Object.values(schema)) {
    const found = findAnchor(member, name, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
