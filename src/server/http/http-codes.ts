// Every code that an answer over HTTP may carry, with its status: those of outcomes and faults, and those of HTTP itself. Pinned by
// `test/pins/http-codes.test.ts`, documented in docs/reference/errors.md (parity tested).
import { ERROR_CODES, type ErrorCode, type FaultCode, FAULT_CODES } from "../../errors/codes.ts";

export interface HttpRow {
  readonly status: number;
  /** What happened, for a person; the detail is more specific. */
  readonly title: string;
}

/** Codes of requests that never became a call. */
export type HttpCode =
  | "INVALID_REQUEST"
  | "INVALID_URL"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "REQUEST_TIMEOUT"
  | "BODY_TOO_LARGE"
  | "HEADERS_TOO_LARGE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "HOST_REFUSED"
  | "ORIGIN_REFUSED"
  | "RATE_LIMITED"
  | "SERVER_BUSY"
  | "AUTH_UNAVAILABLE";

const row = (status: number, title: string): HttpRow => Object.freeze({ status, title });

/** Rows of the codes of requests. */
export const HTTP_CODES: Readonly<Record<HttpCode, HttpRow>> = Object.freeze({
  INVALID_REQUEST: row(400, "The request cannot be accepted as it is."),
  INVALID_URL: row(400, "The URL cannot be read."),
  NOT_FOUND: row(404, "There is nothing here."),
  METHOD_NOT_ALLOWED: row(405, "The method is not one of this resource."),
  REQUEST_TIMEOUT: row(408, "The request took too long to arrive."),
  BODY_TOO_LARGE: row(413, "The body is too large."),
  HEADERS_TOO_LARGE: row(431, "The headers are too large."),
  UNSUPPORTED_MEDIA_TYPE: row(415, "The body is not of a type that is accepted."),
  HOST_REFUSED: row(421, "The host is not one of this server."),
  ORIGIN_REFUSED: row(403, "Pages of this origin may not ask this server."),
  RATE_LIMITED: row(429, "Too many requests."),
  SERVER_BUSY: row(503, "The server has more to do than it can."),
  AUTH_UNAVAILABLE: row(503, "Whose credential it is cannot be found out now."),
});

/** The status of a fault that a request has led to. What is missing is the server's own fault: 500. */
const FAULT_STATUS: Readonly<Partial<Record<FaultCode, number>>> = Object.freeze({
  INVALID_DEFINITION: 422,
  INVALID_OPTION: 400,
  ALREADY_PUBLISHED: 409,
  NOT_PUBLISHED: 404,
  UNKNOWN_ROLE: 422,
  UNKNOWN_LIMIT: 422,
  UNKNOWN_OUTCOME: 404,
  CONVERSION_REFUSED: 422,
  CONTRACT_BROKEN: 409,
  REVISION_CONFLICT: 412,
  STATE_CONFLICT: 409,
  UNKNOWN_KEY: 404,
  KEY_ENDED: 409,
  AUDIT_FAILED: 503,
  STORE_FAILED: 503,
  CLOSED: 503,
});

export type AnyCode = HttpCode | ErrorCode | FaultCode;

/** The row of any code. */
export function toRow(code: AnyCode): HttpRow {
  if (Object.hasOwn(HTTP_CODES, code)) return HTTP_CODES[code as HttpCode];
  if (Object.hasOwn(ERROR_CODES, code)) {
    const { status, message } = ERROR_CODES[code as ErrorCode];
    return { status, title: message };
  }
  return { status: FAULT_STATUS[code as FaultCode] ?? 500, title: FAULT_CODES[code as FaultCode] };
}
