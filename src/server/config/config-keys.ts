// Every key of the configuration, read out of the schema: the environment, the documentation and the comparison of two
// configurations go through this list.
import type { z } from "zod";
import { toMeta, toOptions, toStep } from "../problems/index.ts";
import { CONFIG_SCHEMA } from "./config-schema.ts";

export interface ConfigKey {
  /** `server.port`, `identity.issuers[].issuer`. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly schema: z.ZodType;
  /** Whether it has keys of its own. */
  readonly isSection: boolean;
  /** Whether a change applies while the process runs. */
  readonly reload: boolean;
  /** Whether it is in a list: one of many, which no variable can name. */
  readonly isListed: boolean;
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** The members that `schema` declares, where it is an object or may be one; undefined where it is none. */
export function toShape(schema: z.ZodType): Shape | undefined {
  return toOptions(schema)
    .map((option) => toStep(option).shape)
    .find((shape) => shape !== undefined);
}

/** The value that stands in for one that is not there; undefined when there is none. */
export function toDefault(schema: z.ZodType): unknown {
  let step = toStep(schema);
  while (step.defaultValue === undefined && step.innerType !== undefined) step = toStep(step.innerType);
  return step.defaultValue;
}

function listKeys(
  shape: Shape,
  before: Pick<ConfigKey, "path" | "keys" | "reload" | "isListed">,
): readonly ConfigKey[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const keys = [...before.keys, name];
    const path = before.path === "" ? name : `${before.path}.${name}`;
    const reload = before.reload || toMeta(schema, "reload") === true;
    const inner = toShape(schema);
    const key = { path, keys, schema, reload, isListed: before.isListed, isSection: inner !== undefined };
    const element = inner === undefined ? toElementShape(schema) : undefined;
    const listed = element === undefined ? [] : listKeys(element, { ...key, path: `${path}[]`, isListed: true });
    return [key, ...listed, ...(inner === undefined ? [] : listKeys(inner, key))];
  });
}

function toElementShape(schema: z.ZodType): Shape | undefined {
  const { element } = toStep(toOptions(schema)[0] ?? schema);
  return element === undefined ? undefined : toShape(element);
}

/** Every key, in the order of the documentation: a section stands before what is in it. */
export const CONFIG_KEYS: readonly ConfigKey[] = listKeys(toShape(CONFIG_SCHEMA) ?? {}, {
  path: "",
  keys: [],
  reload: false,
  isListed: false,
});

/** Paths of the keys whose changes apply while the process runs; everything under them does too. */
export const RELOADABLE: readonly string[] = Object.freeze(
  CONFIG_KEYS.filter(({ schema }) => toMeta(schema, "reload") === true).map(({ path }) => path),
);
