// From the input of an operation to what is sent. What a value is cannot change which resource is asked.
import { getOwn } from "../kernel/own.ts";
import type { OperationShape } from "./operations.ts";

export interface PreparedRequest {
  readonly operation: string;
  readonly method: OperationShape["method"];
  readonly url: string;
  /** Without the key. */
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Whether it may be sent a second time. */
  readonly isRepeatable: boolean;
}

type Input = Readonly<Record<string, unknown>>;

/** Throws a TypeError for a parameter that is missing, is not one of the operation's, or cannot be sent. */
export function prepareRequest(base: string, operation: string, shape: OperationShape, input: Input): PreparedRequest {
  const { method, path, query, headers, body } = shape;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  assertKnown(operation, input, [...names, ...query, ...Object.keys(headers), ...(body ? ["body"] : [])]);
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => toSegment(operation, name, getOwn(input, name)));
  const asked = new URLSearchParams();
  for (const name of query) {
    const value = getOwn(input, name);
    if (value !== undefined) asked.set(name, toText(operation, name, value));
  }
  const sent = toHeaders(operation, shape, input);
  const content = body ? getOwn(input, "body") : undefined;
  if (content !== undefined) sent.set("content-type", "application/json");
  return {
    ...{ operation, method, headers: sent },
    url: `${base}${filled}${asked.size === 0 ? "" : `?${asked.toString()}`}`,
    body: content === undefined ? undefined : JSON.stringify(content),
    signal: getOwn(input, "signal") as AbortSignal | undefined,
    isRepeatable: method === "GET" || (method === "POST" && sent.has("idempotency-key")),
  };
}

function toHeaders(operation: string, { headers }: OperationShape, input: Input): Headers {
  const sent = new Headers(getOwn(input, "headers") as Record<string, string> | undefined);
  sent.set("accept", "application/json, application/problem+json, */*;q=0.1");
  for (const [name, field] of Object.entries(headers)) {
    const value = getOwn(input, name);
    if (value !== undefined) sent.set(field, toText(operation, name, value));
  }
  return sent;
}

function assertKnown(operation: string, input: Input, names: readonly string[]): void {
  const known = [...names, "headers", "signal"];
  const stranger = Object.keys(input).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new TypeError(`${operation}: received ${JSON.stringify(stranger)}, expected ${known.join(", ")}`);
}

/** One part of a path. URLs resolve `.` and `..` also when they are escaped, so they would ask for something else. */
function toSegment(operation: string, name: string, value: unknown): string {
  const text = value === undefined ? "" : toText(operation, name, value);
  if (text === "" || text === "." || text === "..")
    throw new TypeError(`${operation}: ${name}: received ${JSON.stringify(text)}, expected a name`);
  return encodeURIComponent(text);
}

function toText(operation: string, name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return String(value);
  throw new TypeError(`${operation}: ${name}: received ${typeof value}, expected a string, a number, true or false`);
}
