// What is said of a secret that cannot be used: its reference, and why; never a character of it.
import { ToolyardError } from "../errors/toolyard-error.ts";

/** The refusal of `reference`, which was checked to be one. `cause` must not hold the secret. */
export function unusableSecret(reference: string, reason: string, cause?: unknown): ToolyardError {
  return new ToolyardError("SECRET_UNUSABLE", `the secret ${reference} cannot be used: ${reason}`, { cause });
}
