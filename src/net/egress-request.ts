// What goes out, and what comes back: types that travel between the egress and who uses it.

export interface EgressRequest {
  /** In upper case. `CONNECT` and `TRACE` are refused. */
  readonly method: string;
  /** An absolute `http:` or `https:` URL without user or password. */
  readonly url: string;
  /** Names in any case, unique in lower case; nothing that concerns the connection. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as UTF-8. None with GET and HEAD. @default none */
  readonly body?: string | Uint8Array | null;
  readonly signal?: AbortSignal;
  /** For the whole exchange, the wait for a connection included, milliseconds, 1 to 2^31-1. @default 30,000 */
  readonly timeoutMs?: number;
  /** Bytes of the body, decoded, 0 to 2^30. @default 1 MiB */
  readonly maxBytes?: number;
  /** Headers that are sent when the origin is `origin`, and left out when it is any other. @default none */
  readonly credential?: { readonly origin: string; readonly headers: Readonly<Record<string, string>> } | null;
  /** Connections are shared within equal pools only; nothing of it is sent. */
  readonly pool: { readonly tenant: string; readonly upstream: string; readonly credential: string };
  /**
   * The operator's permission for this upstream: true for networks of one's own (loopback, private, unique local, carrier-grade
   * NAT), or CIDRs. Addresses where clouds give out credentials are dialled only when a CIDR names them. @default false
   */
  readonly allowPrivate?: boolean | readonly string[];
}

export interface EgressResponse {
  readonly status: number;
  /** Names in lower case; a record without a prototype. Lines of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly body: Uint8Array;
  /** Of the last hop, without fragment. */
  readonly url: string;
  readonly redirected: boolean;
}
