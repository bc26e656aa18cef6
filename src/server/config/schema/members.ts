// Pieces of the schema. What a key is for, accepts, defaults to and when it applies is its `meta`; the check, the documentation,
// the environment and the JSON Schema are read from there.
import { z } from "zod";
import { isNetwork, isOrigin } from "./addresses.ts";

/** What a key says of itself besides its description. */
export interface KeyMeta {
  readonly description: string;
  /** What is accepted, in words. @default what the schema accepts */
  readonly accepts?: string;
  /** The default in words, where it is no value of the schema. @default the schema's default, or "none" */
  readonly fallback?: string;
  /** Whether a change applies while the process runs. @default false: it takes a restart */
  readonly reload?: boolean;
  /** Whether only a program can hold it: a YAML or JSON file cannot. @default false */
  readonly code?: boolean;
  /** Whether it is the path of a file or folder. @default false */
  readonly place?: boolean;
  /** Whether the keys of its record are references, and nothing in it is secret. @default false */
  readonly open?: boolean;
  /** Whether what stands there by mistake may be a secret. @default false */
  readonly secret?: boolean;
  /** Type for the JSON Schema, where the schema is a check of ours. */
  readonly type?: "object" | "array" | "string";
}

/**
 * A schema for every key of `T`, and none besides: the compiler holds the types of the configuration and what is checked
 * together. (Types that were inferred could not be written to the declarations of the package, one file at a time.)
 */
export type Shape<T> = {
  readonly [K in keyof T]-?: z.ZodType<unknown, Pick<T, K> extends Required<Pick<T, K>> ? T[K] : T[K] | undefined>;
};

export function meta<S extends z.ZodType>(schema: S, says: KeyMeta): S {
  return schema.meta({ ...says });
}

/** What a shape gives once it was parsed. */
type Parsed<S extends z.core.$ZodShape> = z.output<z.ZodObject<S, z.core.$strict>>;

/** Makes an object of a shape that has every key of `T` and no other. */
type MembersOf<T> = <S extends Shape<T>>(
  shape: S & Readonly<Record<Exclude<keyof S, keyof T>, never>>,
) => z.ZodType<Parsed<S>, T>;

/** An object with the members of `T`. A member that is undefined is one that is not there, also where the type leaves that out. */
export function members<T>(): MembersOf<T> {
  const make = (shape: z.core.$ZodShape): unknown => z.strictObject(shape);
  return make as unknown as MembersOf<T>;
}

export const text: z.ZodType<string, string> = z.string().min(1);
export const flag: z.ZodType<boolean, boolean> = z.boolean();
export const positive: z.ZodType<number, number> = z.number().positive();

export function integer(min: number, max: number): z.ZodType<number, number> {
  return z.int().min(min).max(max);
}

export function texts(accepts = "an array of texts"): z.ZodType<string[], string[]> {
  return z.array(z.string().min(1)).meta({ accepts });
}

/** A text that `holds`. */
export function textThat(holds: (text: string) => boolean, accepts: string): z.ZodType<string, string> {
  return z.string().refine(holds).meta({ accepts });
}

/** Something that the registry checks. `type` is what it looks like to others. */
export function checked<T>(
  holds: (value: unknown) => boolean,
  accepts: string,
  type?: KeyMeta["type"],
): z.ZodType<T, T> {
  return z.custom<T>(holds).meta({ accepts, ...(type !== undefined && { type }) });
}

export const network: z.ZodType<string, string> = textThat(isNetwork, "an address, or a network such as 10.0.0.0/8");

export const networks: z.ZodType<boolean | string[], boolean | string[]> = z
  .union([z.boolean(), z.array(network)])
  .meta({ accepts: "true, false, or an array of networks such as 10.0.0.0/8" });

export const origins: z.ZodType<string[], string[]> = z
  .array(textThat(isOrigin, "an origin such as https://app.example.com"))
  .meta({ accepts: "an array of origins such as https://app.example.com" });
