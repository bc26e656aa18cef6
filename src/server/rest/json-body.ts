// Outputs of tools as JSON: whole, also where numbers are exact and JavaScript's own text refuses them.
import { writeBigInt } from "../../kernel/raw-json.ts";

/** JSON text. Integers beyond a double are written out. Throws a TypeError for what is no JSON in any way. */
export function toJsonBody(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, writeBigInt);
  }
}
