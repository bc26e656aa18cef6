// What an error of the HTTP client means. Its text and its fields stay behind: they carry bytes of the answer.
import type { EgressCode } from "./egress-error.ts";
import { toCode } from "./resolve-host.ts";

export interface Failure {
  readonly code: EgressCode;
  readonly problem: string;
}

/** `answered`: whether the headers of the answer had come. */
export function toFailure(error: Error, answered: boolean, maxHeaderBytes: number): Failure {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return { code: "TOO_LARGE", problem: `its headers have more than ${maxHeaderBytes} bytes` };
  }
  // Says of an answer to no request, of `100 Continue` unasked, and of a change of protocol.
  if (code === "UND_ERR_SOCKET" && error.message.startsWith("bad ")) {
    return { code: "BAD_RESPONSE", problem: "it is no answer to what was asked" };
  }
  // The parser's errors have no code that could be relied on; an end where none may be is the connection's.
  const isUnread = error.name === "HTTPParserError" && !error.message.includes("EOF");
  // It says so of headers too that it could not read, when there was a length among them.
  if (isUnread || (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" && !answered)) {
    return { code: "BAD_RESPONSE", problem: "it is no HTTP/1.1" };
  }
  const what = answered ? "the connection ended before its body did" : "the connection ended before it came";
  return { code: "CONNECTION_LOST", problem: `${what}${code.startsWith("UND_") ? "" : toCode(error)}` };
}

/** Whether the client refused a request for what is in it, before it asked for a connection. */
export function isRefusedByClient(error: Error): boolean {
  return "code" in error && (error.code === "UND_ERR_INVALID_ARG" || error.code === "UND_ERR_NOT_SUPPORTED");
}
