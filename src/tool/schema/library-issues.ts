// Issues of a Standard Schema library to ours: the library says where and what, its JSON Schema says what is accepted.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Issue } from "../../call/issue.ts";
import { describeSchema } from "./describe-schema.ts";
import { cut, describeValue } from "./describe-value.ts";
import { hintConstant, hintMissing, hintUnknown, propertyNames } from "./hints.ts";
import { isSecretPath } from "./issue-list.ts";
import { isSchema, typeOf } from "./json-type.ts";
import { locate, type Located } from "./locate.ts";
import type { JsonSchema } from "./schema.ts";

const MAX_MESSAGE = 300;

/** The path of an issue as keys and indices. */
export function toPath(issue: StandardSchemaV1.Issue): readonly (string | number)[] {
  // A plain array, whatever the library's is.
  return Array.from(issue.path ?? [], (segment) => {
    const key = typeof segment === "object" ? segment.key : segment;
    return typeof key === "symbol" ? String(key) : key;
  });
}

/** One issue, enriched from `root`, the JSON Schema, and from `value`, which was validated. */
export function toIssue(issue: StandardSchemaV1.Issue, value: unknown, root: JsonSchema): Issue {
  const path = toPath(issue);
  const located = locate(root, value, path);
  const key = path.at(-1);
  // A library's message may quote the value it refuses, so it is cut as the value is.
  const message = cut(isSecretPath(path) ? withoutValue(issue.message, located.value) : issue.message, MAX_MESSAGE);
  const unknown = typeof key === "string" && located.value !== undefined && isUnknown(located, key);
  return {
    path,
    message,
    expected: unknown ? "no property of this name" : describeSchema(located.schema ?? true, root),
    received: describeValue(located.value),
    hint: unknown ? hintUnknown(key, located.parent) : findHint(key, located, root),
  };
}

function withoutValue(message: string, value: unknown): string {
  const isText = (typeof value === "string" && value !== "") || typeof value === "number";
  return isText ? message.replaceAll(String(value), "…") : message;
}

/** Whether the schema refuses the member because of its name. */
function isUnknown({ schema, parent }: Located, key: string): boolean {
  return (schema === undefined || schema === false) && !propertyNames(parent).includes(key);
}

function findHint(key: string | number | undefined, located: Located, root: JsonSchema): string | null {
  const { schema, parent, value, container } = located;
  if (value === undefined && typeof key === "string") return hintMissing(key, schema, container, parent, root);
  const constant = hintConstant(value, schema, root);
  if (constant !== null) return constant;
  // Some libraries report unknown members at the object that holds them.
  if (!isSchema(schema) || schema["additionalProperties"] !== false || typeOf(value) !== "object") return null;
  const known = propertyNames(schema);
  const extra = Object.keys(value as object).filter((name) => !known.includes(name));
  const hints = extra.slice(0, 3).map((name) => `${JSON.stringify(cut(name, 40))}: ${hintUnknown(name, schema)}`);
  return hints.length === 0 ? null : hints.join("; ");
}
