// Heads of chains where anybody may have written them.
import { isObject } from "../../kernel/json.ts";
import type { ChainHead } from "../../ports/audit-reader.ts";

/** Whether `value` names a record. */
export function isHead(value: unknown): value is ChainHead {
  if (!isObject(value)) return false;
  const { writer, seq, hash } = value;
  return typeof writer === "string" && Number.isSafeInteger(seq) && (seq as number) > 0 && typeof hash === "string";
}

/** The heads in an array; nothing for what is none. */
export function readHeads(value: unknown): readonly ChainHead[] {
  return Array.isArray(value) ? value.filter(isHead).map(({ writer, seq, hash }) => ({ writer, seq, hash })) : [];
}
