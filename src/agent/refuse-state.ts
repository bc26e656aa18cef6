// The refusal of a state that cannot be gone on with: where, what was received, what was expected.
import { toKind } from "../core/options.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";

/** INVALID_OPTION for what is at `path`. */
export function refuse(path: string, received: unknown, expected: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", `resume: ${path}: received ${toKind(received)}, expected ${expected}`);
}
