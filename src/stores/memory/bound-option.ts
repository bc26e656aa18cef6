// Bounds that whoever creates a store may set: a bound that bounds nothing has to be found when it is set.
import { ToolyardError } from "../../errors/toolyard-error.ts";

/** Throws INVALID_OPTION for a `value` of the option `name` that is no integer of 1 or more. */
export function assertBound(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ToolyardError("INVALID_OPTION", `${name}: received ${String(value)}, expected an integer of 1 or more`);
}
