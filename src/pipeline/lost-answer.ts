// Exceptions that say that a connection broke after it stood: the request may have arrived. Who was refused a connection
// (ECONNREFUSED, ENOTFOUND) is not among them, nor is anything that only looks similar: the codes are those of Node and
// undici.
import { isObject } from "../kernel/json.ts";

const LOST: ReadonlySet<unknown> = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "ENETDOWN",
  "ENETRESET",
  "EPIPE",
  "ERR_HTTP2_STREAM_ERROR",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ETIMEDOUT",
  "UND_ERR_ABORTED",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);
const MAX_CAUSES = 8;

/** Whether the exception, or one that caused it, is a lost connection or somebody's deadline. */
export function isLostAnswer(error: unknown): boolean {
  let current = error;
  try {
    for (let depth = 0; depth < MAX_CAUSES && isObject(current); depth++) {
      const { code, name, cause } = current;
      if (LOST.has(code) || name === "TimeoutError" || name === "AbortError") return true;
      current = cause;
    }
  } catch {
    // Anything can be thrown, also what throws when it is read: that is no connection.
  }
  return false;
}
