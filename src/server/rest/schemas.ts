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
export const epochMs = z.coerce.number().int().min(0).max(MAX_TIME).describe("Epoch milliseconds.");
export const flag = z.enum(["true", "false"]).transform((text) => text === "true");

export const reason = z
  .string()
  .min(1)
  .max(1_024)
  .optional()
  .describe("Why it is done: kept with the change and in the audit trail.");
/** Of every route that changes something. */
export const actQuery = z.strictObject({ reason });

export function limitOf(max: number, fallback: number) {
  return z.coerce.number().int().min(1).max(max).default(fallback).describe(`At most so many, 1 to ${max}.`);
}

/** JSON data whose shape is another's business. */
export const json = z.unknown().describe("JSON data.");
/** An object whose members the registry checks, and names when they are wrong. */
export const object = z.looseObject({});

export const ok = z.looseObject({});
export function listOf<T extends z.ZodType>(name: string, item: T) {
  return z.looseObject({
    [name]: z.array(item),
    next: z.string().nullable().describe("Give it as `after` for what follows; null: that was all."),
  });
}
