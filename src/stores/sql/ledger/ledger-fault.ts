// What whoever writes to the ledger is told when it cannot be written.
import { ToolyardError } from "../../../errors/toolyard-error.ts";

export function toUnavailable(reason: string, retryable = true): ToolyardError {
  return new ToolyardError("AUDIT_FAILED", `the ledger cannot be written: ${reason}`, { retryable });
}

export function toClosedError(): ToolyardError {
  return new ToolyardError("CLOSED", "the ledger has been closed and takes nothing more");
}
