// From a published definition back to what an author writes to have it published.
import { isObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import type { AnyDefinition } from "../definition.ts";
import { FIELD_RULES } from "./field-rules.ts";

/** Fields of a published definition. */
export const FIELDS: readonly string[] = Object.keys(FIELD_RULES);
/** Those that go by other names when they are written. */
const WRITTEN: ReadonlyMap<string, string> = new Map([
  ["inputSchema", "input"],
  ["outputSchema", "output"],
  ["statusCheck", "status"],
]);
export const READ: ReadonlyMap<string, string> = new Map(
  [...WRITTEN].map(([published, written]) => [written, published]),
);
/** Of a tool that is data: what its source says, or has no way to say. */
const LEFT_TO_SOURCE: readonly string[] = ["digest", "source", "honoursKeys", "statusCheck"];

/** A stored definition that is data: what an author writes, and the source's data under the name of its kind. */
export interface SourceDefinition {
  readonly kind: string;
  readonly definition: JsonObject;
}

/** What the source of a stored definition is given; null: its handler is code. */
export function toSourceDefinition(stored: JsonValue | null): SourceDefinition | null {
  if (!isObject(stored)) return null;
  const { kind, data } = isObject(stored["source"]) ? stored["source"] : {};
  if (typeof kind !== "string") return null;
  const fields = FIELDS.filter((field) => !LEFT_TO_SOURCE.includes(field)).map((field) => {
    const value = stored[field] ?? undefined;
    const written = isObject(value) ? toWritten(field, value) : value;
    return [WRITTEN.get(field) ?? field, written] as const;
  });
  const definition = Object.fromEntries([...fields.filter(([, value]) => value !== undefined), [kind, data]]);
  return { kind, definition: definition as JsonObject };
}

/** The definition that gives this version when it is published. */
export function toWrittenDefinition(data: Readonly<Record<string, unknown>>): AnyDefinition {
  const definition: Record<string, unknown> = { handler: doNothing };
  for (const field of FIELDS) {
    const value = data[field];
    if (field === "digest" || value === undefined || value === null) continue;
    const written = toWritten(field, value);
    if (written !== undefined) definition[WRITTEN.get(field) ?? field] = written;
  }
  return definition as unknown as AnyDefinition;
}

type Write = (value: Readonly<Record<string, unknown>>) => unknown;

/** What an author writes to have an object published. */
const WRITES: ReadonlyMap<string, Write> = new Map<string, Write>([
  ["fallback", toWrittenFallback],
  ["bulkhead", (value) => (value["adaptive"] === false ? without(value, "min") : value)],
  ["result", (value) => (value["maxBytes"] === null ? without(value, "maxBytes") : value)],
]);

/** What an author writes to have `value` published in `field`; undefined: nothing. */
function toWritten(field: string, value: unknown): unknown {
  if (field === "cost" && value === "computed") return doNothing;
  if (field === "statusCheck" && typeof value === "boolean") return value ? doNothing : undefined;
  return isObject(value) ? (WRITES.get(field)?.(value) ?? value) : value;
}

function toWrittenFallback({ kind, ...rest }: Readonly<Record<string, unknown>>): unknown {
  if (kind === "value") return without(rest, "reserveMs");
  return kind === "function" ? { ...rest, run: doNothing } : rest;
}

function without(value: Readonly<Record<string, unknown>>, field: string): unknown {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== field));
}

/** Stands for the code that data does not have. */
function doNothing(): null {
  return null;
}
