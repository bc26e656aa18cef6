// Headers that a definition sets as they are, and the one that carries the idempotency key.
import type { FieldReader } from "../../tool/publishing/field-reader.ts";
import { describeValue } from "../../tool/schema/describe-value.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import type { Effect } from "../../tool/effect.ts";
import { findHeaderNameProblem, findHeaderValueProblem } from "./header-rules.ts";
import type { NameClaims } from "./name-claims.ts";

const MAX_HEADERS = 32;

/** Reads the field `headers`. */
export function readHeaders(
  reader: FieldReader,
  value: unknown,
  claims: NameClaims,
): Readonly<Record<string, string>> | undefined {
  if (value === undefined) return undefined;
  if (!isSchema(value) || Object.keys(value).length > MAX_HEADERS) {
    const received = isSchema(value) ? `${Object.keys(value).length} headers` : describeValue(value);
    reader.report(
      "headers",
      `received ${received}, expected an object of at most ${MAX_HEADERS}, such as { accept-language: "en" }`,
    );
    return undefined;
  }
  const headers = Object.entries(value).map(([name, text]): [string, string] => {
    // Never the value: it may be a secret in the wrong place.
    const problem =
      findHeaderNameProblem(name, "fixed") ??
      (typeof text === "string" ? findHeaderValueProblem(text) : "has a value that is no text");
    if (problem !== null) reader.report(`headers.${name}`, problem);
    const owner = claims.claim("header", name, `headers.${name}`);
    if (owner !== null) reader.report(`headers.${name}`, `sets what ${owner} sets already`);
    return [name, String(text)];
  });
  return Object.fromEntries(headers);
}

/** Reads the field `idempotencyKeyHeader` of a tool with this effect. */
export function readKeyHeader(reader: FieldReader, effect: Effect, claims: NameClaims): string | undefined {
  const name = reader.text("idempotencyKeyHeader", 128);
  if (name === undefined) return undefined;
  const field = "idempotencyKeyHeader";
  const problem = findHeaderNameProblem(name, "key");
  if (problem !== null) reader.report(field, problem);
  if (effect === "read")
    reader.report(field, "is set, but effect is read: repeating a reading call changes nothing; leave it out");
  const owner = claims.claim("header", name, field);
  if (owner !== null) reader.report(field, `sets what ${owner} sets already`);
  return name;
}
