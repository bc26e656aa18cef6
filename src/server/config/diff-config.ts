// What differs between two configurations, and what of it takes a restart.
import type { JsonValue } from "../../kernel/json.ts";
import { isPlainObject } from "../problems/index.ts";
import type { ToolyardConfig } from "./config.ts";
import { type ConfigValue, listValues } from "./config-values.ts";
import { showValue } from "./show-value.ts";

export interface ConfigDifference {
  readonly path: string;
  /** As it may be shown: without code and secrets; null: nothing. */
  readonly before: JsonValue;
  readonly after: JsonValue;
  /** Whether it applies at the next start only. */
  readonly restart: boolean;
}

/**
 * What differs, key by key, defaults included. Functions are the same while their own text is, and so are objects of one class:
 * a module that is read anew makes new ones of all of them.
 */
export function diffConfig(before: ToolyardConfig<never>, after: ToolyardConfig<never>): readonly ConfigDifference[] {
  const old = new Map(listValues({ ...before }).map((one) => [one.key.path, one]));
  const differences: ConfigDifference[] = [];
  for (const one of listValues({ ...after })) {
    add(differences, old.get(one.key.path), one);
    old.delete(one.key.path);
  }
  for (const one of old.values()) add(differences, one, undefined);
  return differences;
}

function add(differences: ConfigDifference[], old: ConfigValue | undefined, next: ConfigValue | undefined): void {
  const key = (next ?? old)?.key;
  if (key === undefined || isSame(old?.value, next?.value, new Set())) return;
  const [before, after] = [showValue(key, old?.value), showValue(key, next?.value)];
  differences.push({ path: key.path, before, after, restart: !key.reload });
}

/** Objects that were compared, or are being: what is in a circle is compared once. */
type Seen = Set<object>;

function isSame(one: unknown, other: unknown, seen: Seen): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === "function") return typeof other === "function" && String(one) === String(other);
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (seen.has(one)) return true;
  seen.add(one);
  return isSameObject(one, other, seen);
}

function isSameObject(one: object, other: object, seen: Seen): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => isSame(item, other[at], seen));
  if (!isPlainObject(one) || !isPlainObject(other))
    return isPlainObject(one) === isPlainObject(other) && toClassText(one) === toClassText(other);
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key], seen));
}

function toClassText(value: object): string {
  return String(value.constructor);
}
