// What differs between two values, field by field.
import { isObject, type JsonValue } from "../kernel/json.ts";
import { isJsonEqual } from "../kernel/json-equal.ts";

export interface FieldChange {
  /** `channels.beta`; "" for the whole. */
  readonly field: string;
  /** undefined: it was not there. */
  readonly before: JsonValue | undefined;
  /** undefined: it goes. */
  readonly after: JsonValue | undefined;
}

/** The fields that differ. Lists are compared as wholes: an item has no name by which it could be told from another. */
export function diffFields(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  field = "",
): readonly FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const old = new Map(Object.entries(before));
    const now = new Map(Object.entries(after));
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) =>
      diffFields(old.get(key), now.get(key), field === "" ? key : `${field}.${key}`),
    );
  }
  return isJsonEqual(before, after) ? [] : [{ field, before, after }];
}
