// The values of a configuration, one for each key, with the defaults of keys that are not there.
import { isPlainObject } from "../problems/index.ts";
import { CONFIG_KEYS, type ConfigKey, toDefault, toShape } from "./config-keys.ts";

export interface ConfigValue {
  readonly key: ConfigKey;
  /** undefined: it has no value. */
  readonly value: unknown;
  /** Whether the configuration itself says so. */
  readonly isGiven: boolean;
}

/** What is there instead of something that is not. */
interface Found {
  readonly value: unknown;
  readonly isGiven: boolean;
}

const NONE: Found = { value: undefined, isGiven: false };

/** Every key that has no keys of its own, or whose value has none, with its value. */
export function listValues(config: Readonly<Record<string, unknown>>): readonly ConfigValue[] {
  const found = new Map<string, Found>();
  const values: ConfigValue[] = [];
  for (const key of CONFIG_KEYS) {
    if (key.isListed) continue;
    const parent =
      key.keys.length === 1 ? { value: config, isGiven: true } : found.get(key.keys.slice(0, -1).join("."));
    if (parent === undefined) continue;
    const here = toFound(parent, key);
    if (isPlainObject(here.value) && toShape(key.schema) !== undefined) found.set(key.path, here);
    else values.push({ key, ...here });
  }
  return values;
}

function toFound(parent: Found, { keys, schema }: ConfigKey): Found {
  const name = keys.at(-1) ?? "";
  const value = isPlainObject(parent.value) && Object.hasOwn(parent.value, name) ? parent.value[name] : undefined;
  if (value !== undefined) return { value, isGiven: parent.isGiven };
  const fallback = toDefault(schema);
  return fallback === undefined ? NONE : { value: fallback, isGiven: false };
}

/** `config` with `value` at `keys`; what is on the way is copied, not changed. */
export function setValue(
  config: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  const [first, ...rest] = keys;
  if (first === undefined) return config;
  if (rest.length === 0) return { ...config, [first]: value };
  const inner = Object.hasOwn(config, first) ? config[first] : undefined;
  return { ...config, [first]: setValue(isPlainObject(inner) ? inner : {}, rest, value) };
}
