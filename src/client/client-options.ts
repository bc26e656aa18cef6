// What a client is made of, checked.
import { type Clock, systemClock } from "../kernel/clock.ts";
import type { ExchangeSettings, Fetch } from "./exchange.ts";

export interface ClientOptions {
  /** Where the server is: `https://tools.example.com`, with a path where it has one. No credentials, no query. */
  readonly url: string;
  /** An API key or a signed token, or what gives one; asked before every request. Without it, requests are anonymous. */
  readonly key?: string | (() => string | Promise<string>);
  /** Sends the requests, such as one with a proxy. @default the global `fetch` */
  readonly fetch?: Fetch;
  /**
   * How long an operation may take, with what is sent again; for `streamTool`, how long nothing may come. Milliseconds from 1; null: no
   * limit.
   * @default 30_000
   */
  readonly timeoutMs?: number | null;
  /** How often a request is sent again, 0 to 2: reads, and calls with an idempotency key, when the server says when. @default 2 */
  readonly retries?: number;
  /** Size of an answer, or of one event. @default 16_777_216 */
  readonly maxBytes?: number;
  /** @default the process's */
  readonly clock?: Clock;
}

export interface ClientSettings extends ExchangeSettings {
  /** Without a slash at its end. */
  readonly base: string;
  readonly timeoutMs: number | null;
}

/** Throws a TypeError for an option that cannot be. */
export function toClientSettings(options: ClientOptions): ClientSettings {
  const { key, timeoutMs = 30_000, retries = 2, maxBytes = 16_777_216 } = options;
  if (timeoutMs !== null) assertWhole("timeoutMs", timeoutMs, 1, 2 ** 31 - 1);
  assertWhole("retries", retries, 0, 2);
  assertWhole("maxBytes", maxBytes, 1, 2 ** 30);
  const base = toBase(options.url);
  if (typeof key === "string") assertKey(key);
  return {
    ...{ base, timeoutMs, retries, maxBytes, key: toKeySource(key) },
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock: options.clock ?? systemClock,
  };
}

function toKeySource(key: ClientOptions["key"]): ClientSettings["key"] {
  if (key === undefined) return () => null;
  if (typeof key === "string") return () => key;
  return async () => {
    const given = await key();
    assertKey(given);
    return given;
  };
}

/** What is no header would be shown by whoever refuses it: so it is refused here, unseen. */
function assertKey(key: unknown): asserts key is string {
  if (typeof key !== "string" || !/^[\x21-\x7e]+$/.test(key))
    throw new TypeError("key: expected an API key or a token: visible ASCII characters, at least one");
}

function toBase(text: string): string {
  const url = URL.parse(text);
  // The text may hold a password: it is not repeated.
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new TypeError("url: expected an absolute URL of http or https");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new TypeError("url: expected no credentials, no query and no fragment");
  return url.href.replace(/\/+$/, "");
}

function assertWhole(name: string, value: unknown, min: number, max: number): void {
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max)
    throw new TypeError(`${name}: received ${String(value)}, expected a whole number from ${min} to ${max}`);
}
