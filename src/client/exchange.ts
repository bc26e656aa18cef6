// One request and its answer, sent again where that is safe and the server has said when.
import type { Clock } from "../kernel/clock.ts";
import { ToolyardClientError } from "./client-error.ts";
import type { Deadline } from "./deadline.ts";
import type { PreparedRequest } from "./prepare-request.ts";
import { isRefusal, readRefusal } from "./read-answer.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ExchangeSettings {
  readonly fetch: Fetch;
  readonly key: () => string | null | Promise<string | null>;
  readonly retries: number;
  readonly maxBytes: number;
  readonly clock: Clock;
}

/** The answer, when it is none of a refusal; its body is still to be read. */
export async function exchange(
  settings: ExchangeSettings,
  request: PreparedRequest,
  deadline: Deadline,
): Promise<Response> {
  const { operation } = request;
  for (let attempt = 0; ; attempt++) {
    const response = await send(settings, request, await askKey(settings, operation), deadline.signal);
    if (!isRefusal(response)) return response;
    const refusal = await readRefusal(response, { operation, maxBytes: settings.maxBytes }, settings.clock);
    const waitMs = request.isRepeatable && attempt < settings.retries ? toWait(refusal) : null;
    // A wait that outlives the request is for the caller to decide on.
    if (waitMs === null || waitMs >= deadline.remainingMs()) throw refusal;
    await deadline.sleep(waitMs);
  }
}

async function send(
  { fetch }: ExchangeSettings,
  { method, url, headers, body }: PreparedRequest,
  key: string | null,
  signal: AbortSignal,
): Promise<Response> {
  const sent = new Headers(headers);
  if (key !== null) sent.set("authorization", `Bearer ${key}`);
  signal.throwIfAborted();
  return fetch(url, {
    ...{ method, headers: sent, signal },
    ...(body !== undefined && { body }),
    // Wherever it would lead, the key would go along.
    redirect: "manual",
    credentials: "omit",
  });
}

async function askKey({ key }: ExchangeSettings, operation: string): Promise<string | null> {
  try {
    return await key();
  } catch (cause) {
    throw new ToolyardClientError({ operation, code: "KEY_UNAVAILABLE", detail: "the key cannot be had", cause });
  }
}

/** When the server wants to be asked again; null: not at all. */
function toWait({ status, problem, retryAfterMs }: ToolyardClientError): number | null {
  if ((status !== 429 && status !== 503) || problem?.retryable === false) return null;
  return retryAfterMs;
}
