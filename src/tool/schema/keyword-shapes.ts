// What each keyword's value has to be, by itself. What concerns several keywords or the whole schema is elsewhere.
import { findHiddenCharacter } from "../hidden-character.ts";
import { describeValue } from "./describe-value.ts";
import { compilePattern } from "./pattern.ts";
import { findTypeProblem } from "./type-name.ts";

/** What is wrong with a keyword's value; null when nothing is. */
export type ShapeCheck = (value: unknown) => string | null;

const number: ShapeCheck = (value) => {
  if (typeof value === "number") return null;
  const hint = typeof value === "boolean" ? "; write the bound itself here, in place of minimum or maximum" : "";
  return `received ${describeValue(value)}, expected a number${hint}`;
};

const count: ShapeCheck = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? null
    : `received ${describeValue(value)}, expected an integer of 0 or more`;

const flag: ShapeCheck = (value) =>
  typeof value === "boolean" ? null : `received ${describeValue(value)}, expected true or false`;

const text: ShapeCheck = (value) =>
  typeof value === "string" ? null : `received ${describeValue(value)}, expected a string`;

/** Shown to models and to people who approve it. */
const visibleText: ShapeCheck = (value) => {
  if (typeof value !== "string") return text(value);
  const hidden = findHiddenCharacter(value);
  return hidden === null ? null : `holds a character that cannot be seen, ${hidden}; remove it`;
};

const positive: ShapeCheck = (value) =>
  typeof value === "number" && value > 0 ? null : `received ${describeValue(value)}, expected a number over 0`;

const names: ShapeCheck = (value) => {
  if (typeof value === "boolean")
    return `received ${String(value)}, expected an array of property names, beside properties`;
  if (!Array.isArray(value)) return `received ${describeValue(value)}, expected an array of property names`;
  const odd: unknown = value.find((name) => typeof name !== "string");
  if (odd !== undefined) return `received ${describeValue(odd)} among the names, expected strings`;
  if (new Set(value).size === value.length) return null;
  return `names ${describeValue(value.find((name, index) => value.indexOf(name) !== index))} twice`;
};

const type: ShapeCheck = (value) => {
  if (!Array.isArray(value)) return findTypeProblem(value);
  if (value.length === 0) return "received empty array, expected at least one type";
  for (const one of value) {
    const problem = findTypeProblem(one);
    if (problem !== null) return problem;
  }
  return new Set(value).size === value.length ? null : "names a type twice";
};

const values: ShapeCheck = (value) => {
  if (!Array.isArray(value)) return `received ${describeValue(value)}, expected an array of the accepted values`;
  return value.length === 0 ? "received empty array, which accepts nothing; list the accepted values" : null;
};

const dependentNames: ShapeCheck = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `received ${describeValue(value)}, expected an object of arrays of property names`;
  }
  for (const list of Object.values(value)) {
    const problem = names(list);
    if (problem !== null) return problem;
  }
  return null;
};

const anchor: ShapeCheck = (value) =>
  typeof value === "string" && /^[A-Za-z_][-A-Za-z0-9._]*$/.test(value)
    ? null
    : `received ${describeValue(value)}, expected a name of letters, digits, ".", "-" and "_"`;

/** Checks the pattern too, which has to run in linear time. */
export const pattern: ShapeCheck = (value) => {
  if (typeof value !== "string") return text(value);
  const compiled = compilePattern(value);
  return compiled.ok ? null : `the pattern ${describeValue(value)} ${compiled.reason}`;
};

/** The keywords whose values hold no subschemas. */
export const KEYWORD_SHAPES: ReadonlyMap<string, ShapeCheck> = new Map([
  ["type", type],
  ["enum", values],
  ["required", names],
  ["dependentRequired", dependentNames],
  ["minimum", number],
  ["maximum", number],
  ["exclusiveMinimum", number],
  ["exclusiveMaximum", number],
  ["multipleOf", positive],
  ["minLength", count],
  ["maxLength", count],
  ["minItems", count],
  ["maxItems", count],
  ["minContains", count],
  ["maxContains", count],
  ["minProperties", count],
  ["maxProperties", count],
  ["uniqueItems", flag],
  ["nullable", flag],
  ["format", text],
  ["title", visibleText],
  ["description", visibleText],
  ["$anchor", anchor],
]);
