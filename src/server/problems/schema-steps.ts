// What is inside of a Zod schema: which keys it knows, and what it says of each. Only reads definitions.
import type { z } from "zod";

/** The parts of Zod's definitions that are read here (`schema.def`). */
export interface SchemaStep {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly rest?: z.ZodType | null;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: object } }[];
  readonly defaultValue?: unknown;
}

/** Levels of wrappers, unions and lazy schemas that are looked into. */
const MAX_DEPTH = 16;

export function toStep(schema: z.ZodType): SchemaStep {
  return schema.def;
}

/** The schema inside of what makes it optional, gives it a default or turns it into something else. */
export function toInner(schema: z.ZodType): z.ZodType {
  let inner = schema;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const next = toWrapped(toStep(inner));
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** What `meta({ … })` says under `key`, of the schema or of what it wraps; undefined when it says nothing. */
export function toMeta(schema: z.ZodType, key: string): unknown {
  let inner: z.ZodType | undefined = schema;
  for (let depth = 0; depth < MAX_DEPTH && inner !== undefined; depth++) {
    const found: unknown = inner.meta()?.[key];
    if (found !== undefined) return found;
    inner = toWrapped(toStep(inner));
  }
  return undefined;
}

/** The schemas that something at `key` of `schema` may have to fit: more than one inside of a union. */
export function stepInto(schema: z.ZodType, key: PropertyKey): readonly z.ZodType[] {
  return toOptions(schema).flatMap((option) => {
    const step = toStep(option);
    const found = step.shape !== undefined ? toMember(step.shape, key) : toElement(step, key);
    return found === undefined ? [] : [found];
  });
}

/** The keys that objects of `schema` may have; empty when it takes any. */
export function toKnownKeys(schema: z.ZodType): readonly string[] {
  return [...new Set(toOptions(schema).flatMap((option) => Object.keys(toStep(option).shape ?? {})))];
}

/** The schema itself, or what a union or an intersection is made of. */
export function toOptions(schema: z.ZodType, depth = 0): readonly z.ZodType[] {
  const inner = toInner(schema);
  const { options, left, right } = toStep(inner);
  const parts = options ?? (left !== undefined && right !== undefined ? [left, right] : undefined);
  if (parts === undefined || depth >= MAX_DEPTH) return [inner];
  return parts.flatMap((part) => toOptions(part, depth + 1));
}

function toWrapped(step: SchemaStep): z.ZodType | undefined {
  if (step.innerType !== undefined) return step.innerType;
  if (step.type === "lazy") return step.getter?.();
  if (step.type !== "pipe") return undefined;
  // `z.preprocess` is a pipe out of a transformation: what it accepts is on the other side.
  return step.in !== undefined && toStep(step.in).type === "transform" ? step.out : step.in;
}

function toMember(shape: Readonly<Record<string, z.ZodType>>, key: PropertyKey): z.ZodType | undefined {
  return typeof key === "string" && Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function toElement(step: SchemaStep, key: PropertyKey): z.ZodType | undefined {
  if (step.items !== undefined && typeof key === "number") return step.items[key] ?? step.rest ?? undefined;
  return step.element ?? step.valueType;
}
