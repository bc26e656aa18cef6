// What an exchange with an upstream ends in when it ends in no answer. Messages name hosts, addresses and limits: never a
// header's value, a query or a byte of a body, because they end in logs and may end before a model.

/**
 * | code | what has happened |
 * |---|---|
 * | `REFUSED_URL` | the URL, or another part of the request, is nothing that may be sent; nothing was |
 * | `REFUSED_ADDRESS` | the host is, or resolves to, an address that may not be dialled |
 * | `RESOLVE_FAILED` | the host has no address |
 * | `CONNECT_FAILED` | no address accepted a connection |
 * | `TLS_FAILED` | no TLS, or a certificate that does not hold |
 * | `TIMEOUT` | the whole exchange took too long, or its body stood still |
 * | `CANCELLED` | the signal of the request was aborted, or the egress closed |
 * | `TOO_LARGE` | headers, body or its expansion passed a limit |
 * | `BAD_RESPONSE` | what came back is no HTTP/1.1 answer, or in an encoding that is not taken |
 * | `CONNECTION_LOST` | the connection ended before the answer did |
 * | `TOO_MANY_REDIRECTS` | more hops than are followed |
 */
export type EgressCode =
  | "REFUSED_URL"
  | "REFUSED_ADDRESS"
  | "RESOLVE_FAILED"
  | "CONNECT_FAILED"
  | "TLS_FAILED"
  | "TIMEOUT"
  | "CANCELLED"
  | "TOO_LARGE"
  | "BAD_RESPONSE"
  | "CONNECTION_LOST"
  | "TOO_MANY_REDIRECTS";

export interface EgressErrorOptions {
  /** @default false */
  readonly sent?: boolean;
  /** @default null */
  readonly retryAfterMs?: number | null;
}

export class EgressError extends Error {
  override readonly name = "EgressError";
  readonly code: EgressCode;
  /** Whether the upstream may have acted on the request: false only when it certainly has not. */
  readonly sent: boolean;
  /** What a `Retry-After` of the answer asked for, milliseconds; null when there was none. */
  readonly retryAfterMs: number | null;

  // No `cause`: those of the parser carry bytes of the answer.
  constructor(code: EgressCode, message: string, options: EgressErrorOptions = {}) {
    super(message);
    this.code = code;
    this.sent = options.sent ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
