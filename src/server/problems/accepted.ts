// What a Zod schema accepts, in words: for messages and for the documentation, which so say the same.
import type { z } from "zod";
import { type SchemaStep, toInner, toMeta, toStep } from "./schema-steps.ts";

/** Keys and values that are listed. */
const MAX_LISTED = 32;
const MAX_DEPTH = 4;

const FORMATS: ReadonlyMap<string, string> = new Map([
  ["url", "a URL"],
  ["email", "an email address"],
  ["uuid", "a UUID"],
  ["datetime", "a moment such as 2026-01-31T12:00:00Z"],
  ["date", "a date such as 2026-01-31"],
]);

type Words = (step: SchemaStep, depth: number) => string;

const WORDS: ReadonlyMap<string, Words> = new Map<string, Words>([
  ["string", toText],
  ["number", toNumber],
  ["bigint", toNumber],
  ["boolean", () => "true or false"],
  ["literal", toValues],
  ["enum", toValues],
  ["array", toArray],
  ["object", ({ shape = {} }) => `an object with ${Object.keys(shape).slice(0, MAX_LISTED).join(", ")}`],
  ["record", () => "an object"],
  ["union", toUnion],
  ["null", () => "null"],
  ["never", () => "nothing"],
]);

/** What is accepted, in words: `meta({ accepts })` of the schema, or what its definition says. */
export function toAccepted(schema: z.ZodType, depth = 0): string {
  const said = toMeta(schema, "accepts");
  if (typeof said === "string") return said;
  const step = toStep(toInner(schema));
  return WORDS.get(step.type)?.(step, depth) ?? "a value";
}

/** The values of a literal or an enumeration; empty for other schemas. */
export function toAllowedValues(schema: z.ZodType): readonly unknown[] {
  const step = toStep(toInner(schema));
  if (step.type === "literal") return step.values ?? [];
  return step.type === "enum" ? Object.values(step.entries ?? {}) : [];
}

export function toListed(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_LISTED).map((value) => JSON.stringify(value) ?? String(value));
  return `${shown.join(", ")}${values.length > MAX_LISTED ? ", …" : ""}`;
}

interface CheckDef {
  readonly check?: string;
  readonly value?: number | bigint;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: RegExp;
}

function toChecks({ checks }: SchemaStep): readonly CheckDef[] {
  return (checks ?? []).map((check) => check["_zod"].def);
}

function toText(step: SchemaStep): string {
  const checks = toChecks(step);
  const kind = toTextKind(step, checks);
  const most = checks.find((check) => check.check === "max_length")?.maximum;
  const least = checks.find((check) => check.check === "min_length")?.minimum ?? 0;
  // That it is not empty goes without saying.
  if (most === undefined) return least > 1 ? `${kind} of at least ${toDigits(least)} characters` : kind;
  const range = least > 0 ? `${toDigits(least)} to` : "at most";
  return `${kind} of ${range} ${toDigits(most)} characters`;
}

function toTextKind({ format = "" }: SchemaStep, checks: readonly CheckDef[]): string {
  const { pattern } = checks.find((check) => check.check === "string_format") ?? {};
  return FORMATS.get(format) ?? (pattern === undefined ? "a text" : `a text that fits ${String(pattern)}`);
}

function toNumber(step: SchemaStep): string {
  const checks = toChecks(step);
  const kind = isInteger(step, checks) ? "an integer" : "a number";
  const lower = checks.findLast(({ check }) => check === "greater_than");
  const upper = checks.findLast(({ check }) => check === "less_than");
  if (lower?.inclusive === true && upper?.inclusive === true)
    return `${kind} from ${toDigits(lower.value)} to ${toDigits(upper.value)}`;
  const bounds = [toBound(lower, "of at least", "over"), toBound(upper, "of at most", "under")];
  return [kind, bounds.filter((bound) => bound !== "").join(" and ")].filter((word) => word !== "").join(" ");
}

function isInteger({ type, format = "" }: SchemaStep, checks: readonly CheckDef[]): boolean {
  return type === "bigint" || format.includes("int") || checks.some((check) => check.format?.includes("int") === true);
}

function toBound(check: CheckDef | undefined, inclusive: string, exclusive: string): string {
  return check === undefined ? "" : `${check.inclusive === true ? inclusive : exclusive} ${toDigits(check.value)}`;
}

function toValues(step: SchemaStep): string {
  return toListed(step.type === "literal" ? (step.values ?? []) : Object.values(step.entries ?? {}));
}

function toArray({ element }: SchemaStep, depth: number): string {
  if (element === undefined || depth >= MAX_DEPTH) return "an array";
  const inner = toAccepted(element, depth + 1);
  if (inner === "a value") return "an array";
  return inner === "a text" ? "an array of texts" : `an array, each ${inner}`;
}

function toUnion({ options = [] }: SchemaStep, depth: number): string {
  if (depth >= MAX_DEPTH) return "a value";
  return [...new Set(options.map((option) => toAccepted(option, depth + 1)))].join(", or ");
}

function toDigits(value: number | bigint | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en-US");
}
