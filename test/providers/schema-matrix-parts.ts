// What the rows of the matrix are made of.
import { z } from "zod";
import type { JsonSchema } from "../../src/tool/schema/schema.ts";

/** `null`: strict. Otherwise why it is not. */
export interface Expected {
  readonly reason: string | null;
  /** `what place: message`. */
  readonly changes: readonly string[];
}

/** What is lost although no change tells of it; a defect, for the page. */
export interface Untold {
  readonly words: string;
  /** Arguments that the tool's schema takes and what is sent does not, or the other way round. */
  readonly sample?: unknown;
}

export interface MatrixRow {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly openai: Expected;
  readonly anthropic: Expected;
  /** Never strict. */
  readonly gemini: readonly string[];
  /** Why Gemini gets no strict form, where there is more to say than that it has none. */
  readonly geminiReason?: string;
  readonly untold?: Untold;
}

export const DRAFT_07 = "http://json-schema.org/draft-07/schema#";
export const text = { type: "string" } as const;
export const integer = { type: "integer" } as const;

/** Strict for both, with the same changes. */
export function strict(...changes: readonly string[]): Pick<MatrixRow, "openai" | "anthropic"> {
  return { openai: { reason: null, changes }, anthropic: { reason: null, changes } };
}

/** Not strict for either, for the same reason; `changes` are those of the loose form. */
export function loose(reason: string, ...changes: readonly string[]): Pick<MatrixRow, "openai" | "anthropic"> {
  return { openai: { reason, changes }, anthropic: { reason, changes } };
}

/** An object with all of `properties`, and no others. */
export function closed(properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

/** An object with any of `properties`, and no others. */
export function optional(properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: "object", properties, additionalProperties: false };
}

export function words(count: number, length: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${index}`.padEnd(length, "x"));
}

/** `levels` objects, one in the other. */
export function deep(levels: number): JsonSchema {
  return closed({ a: levels === 2 ? closed({ end: text }) : deep(levels - 1) });
}

export function toInput(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input" });
}

export function moved(place: string, ...keywords: readonly string[]): readonly string[] {
  return keywords.map((keyword) => `described ${place}: ${keyword} moved to the description`);
}

/** What OpenAI's strict form says of properties that may be left out. */
export function nulled(...places: readonly string[]): readonly string[] {
  return places.map((place) => `widened ${place}: always sent; null where it is left out, and taken out again`);
}

export function keepsNull(...places: readonly string[]): readonly string[] {
  return places.map((place) => `rewritten ${place}: always sent; null where it is left out, and it stays null`);
}

export function shut(place: string): string {
  return `rewritten ${place}: closed: only the properties that are named can be sent`;
}
