// The server: where it listens, whom it answers, and how much it takes on.

export interface ServerConfig {
  /** Address to listen at. @default "127.0.0.1" */
  readonly host?: string;
  /** 0 to 65,535; 0 takes a free one. @default 8321 */
  readonly port?: number;
  /** Address of the listener for administration. @default that of the server */
  readonly adminHost?: string;
  /** A listener of its own for the routes of administration, 0 to 65,535. @default none: they are on the server's */
  readonly adminPort?: number;
  /** Where clients reach it: the audience of tokens, and its name in metadata. @default none */
  readonly publicUrl?: string;
  /** Further names in the header `Host`. @default those of the listener alone */
  readonly allowedHosts?: readonly string[];
  /** Origins of pages that may ask. @default none */
  readonly corsOrigins?: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is believed. @default none */
  readonly trustedProxies?: readonly string[];
  /** Bytes of a body, 1,024 to 16,777,216. @default 1,048,576 */
  readonly bodyBytes?: number;
  /** Bytes of all headers, 1,024 to 1,048,576. @default 16,384 */
  readonly headerBytes?: number;
  /** Levels of JSON, 1 to 256. @default 64 */
  readonly jsonDepth?: number;
  /** How long a request may take to arrive, milliseconds, 100 to 3,600,000. @default 30,000 */
  readonly requestTimeoutMs?: number;
  /** How long its headers may take, milliseconds, 100 to 3,600,000. @default 10,000 */
  readonly headersTimeoutMs?: number;
  /** How long a connection may be idle, milliseconds, 100 to 3,600,000. @default 5,000 */
  readonly keepAliveTimeoutMs?: number;
  /** Connections at once, 1 to 100,000. @default 1,000 */
  readonly maxConnections?: number;
  /** Requests of one address; false for no limit. @default 6,000 a minute */
  readonly ipLimit?: IpLimitConfig | false;
  /** When requests are turned away to keep the others quick; false for never. @default from 100 milliseconds of delay on */
  readonly shedding?: SheddingConfig | false;
  /** How it stops. @default a second with readiness off, then ten for what runs */
  readonly drain?: DrainConfig;
  /** Whether it serves its OpenAPI document. @default true */
  readonly openapi?: boolean;
  /** Whether it serves pages that show the document. @default true */
  readonly docs?: boolean;
}

export interface IpLimitConfig {
  /** Requests per window, over 0. @default 6,000 */
  readonly capacity?: number;
  /** Milliseconds, 1,000 to 86,400,000. @default 60,000 */
  readonly windowMs?: number;
}

export interface SheddingConfig {
  /** How late the event loop may be, milliseconds, 1 to 60,000. @default 100 */
  readonly eventLoopDelayMs?: number;
}

export interface DrainConfig {
  /** How long it still takes requests while it says that it is not ready, milliseconds, 0 to 600,000. @default 1,000 */
  readonly lameDuckMs?: number;
  /** How long it then waits for what runs, milliseconds, 0 to 3,600,000. @default 10,000 */
  readonly graceMs?: number;
}

/** `ServerConfig` with every default filled in. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  /** null: no listener of its own. */
  readonly admin: { readonly host: string; readonly port: number } | null;
  readonly publicUrl: string | null;
  readonly allowedHosts: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly jsonDepth: number;
  readonly requestTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  readonly ipLimit: Readonly<Required<IpLimitConfig>> | false;
  readonly shedding: Readonly<Required<SheddingConfig>> | false;
  readonly drain: Readonly<Required<DrainConfig>>;
  readonly openapi: boolean;
  readonly docs: boolean;
}
