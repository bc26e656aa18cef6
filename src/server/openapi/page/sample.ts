// A value that a schema accepts, for people to look at.
import { isObject } from "../../../kernel/json.ts";
import type { Schema } from "../document.ts";

/** Names that say more than their schemas. */
const KNOWN: Readonly<Record<string, unknown>> = Object.freeze({
  ref: "orders.get",
  name: "orders.get",
  tool: "orders.get",
  tenant: "acme",
  principal: "ada",
  id: "abc123",
  channel: "stable",
  version: "1.4.0",
  target: "stable",
  limit: "per-minute",
  reason: "ticket 4711",
  message: "Use orders.find.",
  capacity: 100,
  windowMs: 60_000,
  roles: ["USER"],
});

const MAX_DEPTH = 4;

export function toSample(schema: Schema, name = "", depth = 0): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (known !== undefined && fits(schema, known)) return known;
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  if (first !== undefined) return toSample(first, name, depth);
  return toSampleOfType(schema, depth);
}

function toSampleOfType(schema: Schema, depth: number): unknown {
  switch (toType(schema)) {
    case "object":
      return toObject(schema, depth);
    case "array":
      return depth < MAX_DEPTH ? [toSample(schema.items ?? {}, "", depth + 1)] : [];
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" && schema["minimum"] > 0 ? schema["minimum"] : 1;
    case "boolean":
      return true;
    case "string":
      return "text";
    default:
      return {};
  }
}

/** With what has to be there; when nothing has to, with the first. */
function toObject({ properties = {}, required = [] }: Schema, depth: number): unknown {
  if (depth >= MAX_DEPTH) return {};
  const shown = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(shown.map((key) => [key, toSample(properties[key] ?? {}, key, depth + 1)]));
}

function toType({ type }: Schema): unknown {
  return Array.isArray(type) ? type.find((one) => one !== "null") : type;
}

function fits(schema: Schema, value: unknown): boolean {
  const type = toType(schema);
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return typeof value === "number";
  return isObject(value) ? type === "object" : typeof value === type;
}
