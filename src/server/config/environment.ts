// The configuration in the environment: `TOOLYARD_SERVER_PORT` is `server.port`. Which variables there are follows from the schema.
import { resolve } from "node:path";
import type { z } from "zod";
import type { Problem } from "../../errors/toolyard-error.ts";
import { findNearest } from "../../kernel/nearest.ts";
import { toMeta, toOptions, toStep } from "../problems/index.ts";
import { CONFIG_KEYS, type ConfigKey } from "./config-keys.ts";
import { CODE_KEYS } from "./config-schema.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value that a variable gives to a key. */
export interface VariableValue {
  readonly variable: string;
  readonly key: ConfigKey;
  readonly value: unknown;
}

const PREFIX = "TOOLYARD_";

/** Names of their own, which are no paths: what each stands for, or null where it is no key of the configuration. */
const OTHERS: ReadonlyMap<string, string | null> = new Map([
  ["TOOLYARD_DATA_DIR", "state.dir"],
  ["TOOLYARD_AUDIT_KEY", null],
]);

/** The variable of a key: `server.ipLimit.windowMs` is `TOOLYARD_SERVER_IP_LIMIT_WINDOW_MS`. */
export function toVariable(keys: readonly string[]): string {
  const words = keys.map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return `${PREFIX}${words.join("_")}`;
}

/** Keys by their variable: every text, number and switch, and every list of texts. */
export const VARIABLES: ReadonlyMap<string, ConfigKey> = new Map(
  CONFIG_KEYS.filter(
    ({ keys, schema, isListed }) => !isListed && !CODE_KEYS.includes(keys[0] ?? "") && toKinds(schema).size > 0,
  ).map((key) => [toVariable(key.keys), key]),
);

/** What variables of a section begin with. */
const SECTIONS: readonly string[] = CONFIG_KEYS.filter(({ keys, isSection }) => keys.length === 1 && isSection).map(
  ({ keys }) => `${toVariable(keys)}_`,
);

/**
 * What the environment says of the configuration. A variable that is empty is one that is not set. Paths are relative to `from`.
 * @param referenced variables that the configuration refers to (`env:NAME`): they may be called as their author likes
 */
export function readEnvironment(
  env: Environment,
  from: string,
  referenced: ReadonlySet<string>,
): { readonly values: readonly VariableValue[]; readonly problems: readonly Problem[] } {
  const values: VariableValue[] = [];
  const problems: Problem[] = [];
  for (const [variable, text = ""] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || text === "") continue;
    const key = findKey(variable);
    if (key !== undefined) values.push({ variable, key, value: toValue(key.schema, text, from) });
    else if (!referenced.has(variable) && !OTHERS.has(variable) && SECTIONS.some((name) => variable.startsWith(name)))
      problems.push(toUnknown(variable));
  }
  return { values, problems };
}

function findKey(variable: string): ConfigKey | undefined {
  const path = OTHERS.get(variable);
  return typeof path === "string" ? VARIABLES.get(toVariable(path.split("."))) : VARIABLES.get(variable);
}

function toUnknown(variable: string): Problem {
  const near = findNearest(variable, VARIABLES.keys(), 1)[0];
  const section = SECTIONS.find((name) => variable.startsWith(name)) ?? PREFIX;
  const known = [...VARIABLES.keys()].filter((name) => name.startsWith(section));
  const hint = near === undefined ? `accepted: ${known.join(", ")}` : `did you mean ${near}?`;
  return { path: variable, message: `is not a known variable; ${hint}` };
}

type Kind = "boolean" | "number" | "text" | "texts";

/** Kinds of values of a key that a variable can give; empty when it can give none. */
function toKinds(schema: z.ZodType): ReadonlySet<Kind> {
  return new Set(toOptions(schema).flatMap((option) => toKind(option) ?? []));
}

function toKind(schema: z.ZodType): Kind | undefined {
  const { type, element, values = [] } = toStep(schema);
  if (type === "boolean" || (type === "literal" && values.every((value) => typeof value === "boolean")))
    return "boolean";
  if (type === "number") return "number";
  if (type === "string" || type === "enum") return "text";
  const isTexts = type === "array" && element !== undefined && toKind(toOptions(element)[0] ?? element) === "text";
  return isTexts ? "texts" : undefined;
}

/** The value that `text` stands for; what stands for none stays a text, which the schema then refuses. */
function toValue(schema: z.ZodType, text: string, from: string): unknown {
  const kinds = toKinds(schema);
  if (kinds.has("boolean") && (text === "true" || text === "false")) return text === "true";
  if (kinds.has("number") && /^-?\d[\d_]*(?:\.\d+)?$/.test(text)) return Number(text.replaceAll("_", ""));
  if (kinds.has("texts")) return text.split(",").map((part) => part.trim());
  return toMeta(schema, "place") === true ? resolve(from, text) : text;
}
