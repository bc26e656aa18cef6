// The shapes that several routes have in common.
import { z } from "zod";

const MAX_TIME = 8_640_000_000_000_000;

export const toolRef: z.ZodString = z
  .string()
  .min(1)
  .max(300)
  .describe("A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`.");
export const toolName: z.ZodString = z.string().min(1).max(200).describe("The name of a tool.");
export const tenantId: z.ZodString = z.string().min(1).max(256).describe("The id of a tenant.");
export const principalId: z.ZodString = z.string().min(1).max(256).describe("The id of a principal.");
export const settingId: z.ZodString = z.string().min(1).max(256);
export const epochMs: z.ZodCoercedNumber = z.coerce.number().int().min(0).max(MAX_TIME).describe("Epoch milliseconds.");
export const flag: z.ZodType<boolean, "true" | "false"> = z
  .enum(["true", "false"])
  .transform((text) => text === "true");

export const reason: z.ZodOptional<z.ZodString> = z
  .string()
  .min(1)
  .max(1_024)
  .optional()
  .describe("Why it is done: kept with the change and in the audit trail.");
/** Of every route that changes something. */
export const actQuery: z.ZodObject<{ reason: z.ZodOptional<z.ZodString> }, z.core.$strict> = z.strictObject({ reason });

export function limitOf(max: number, fallback: number): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number().int().min(1).max(max).default(fallback).describe(`At most so many, 1 to ${max}.`);
}

/** JSON data whose shape is another's business. */
export const json: z.ZodUnknown = z.unknown().describe("JSON data.");
export const ok: z.ZodType<object> = z.looseObject({});
export function listOf(name: string, item: z.ZodType): z.ZodType {
  return z.looseObject({
    [name]: z.array(item),
    next: z.string().nullable().describe("Give it as `after` for what follows; null: that was all."),
  });
}
