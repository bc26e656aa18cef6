// One request and its answer on one connection. It settles once; whatever ends it early, a limit, a deadline, a broken
// answer, closes the socket: what an upstream goes on sending there belongs to nobody.
import { type BodyReader, createBodyReader, readEncoding, toReceivedLimit } from "./body-reader.ts";
import type { Connection } from "./connection.ts";
import type { EgressCode, EgressError } from "./egress-error.ts";
import type { Life } from "./exchange-life.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import { readRetryAfter, toHeaders, withoutEncoding } from "./response-headers.ts";
import { isRefusedByClient, toFailure } from "./to-failure.ts";
import type { Dispatcher } from "./undici-client.ts";

export interface ExchangeLimits {
  readonly maxBytes: number;
  readonly maxHeaderBytes: number;
  /** How long a body may stand still. */
  readonly idleMs: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The connection ended before anything was written on it. */
export const UNUSED: unique symbol = Symbol("unused");

/** Answers of status 1xx before the one that counts. */
const MAX_INTERIM = 8;
/** What the wire may carry besides: chunk sizes, interim answers, TLS. It bounds what never reaches the handler. */
const WIRE_FACTOR = 8;
const WIRE_SLACK = 65_536;

type Outcome = { readonly answer: Answer } | { readonly error: unknown };

/**
 * Sends `request` on `connection`. Rejects with an EgressError, or with UNUSED when the connection turned out to be over
 * before a byte was written. Leaves the connection open only after a whole answer.
 */
export function exchange(
  connection: Connection,
  request: OutgoingRequest,
  limits: ExchangeLimits,
  life: Life,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const reading = new Reading(connection, request, limits, life, (outcome) => {
      if ("answer" in outcome) resolve(outcome.answer);
      else reject(outcome.error);
    });
    const { method, target, headers, body } = request;
    const options = { method, path: target.path, headers: [...headers].flat(), body };
    connection.client.dispatch(options, reading);
  });
}

class Reading implements Dispatcher.DispatchHandler {
  readonly #connection: Connection;
  readonly #request: OutgoingRequest;
  readonly #limits: ExchangeLimits;
  readonly #life: Life;
  readonly #settle: (outcome: Outcome) => void;
  #stop: () => void = () => {};
  readonly #wireLimit: number;
  #started = false;
  #settled = false;
  #status = 0;
  #interim = 0;
  #headers: Readonly<Record<string, string>> = {};
  #body: BodyReader | null = null;
  #receivedAt = 0;
  #idleTimer: ReturnType<Life["clock"]["setTimer"]> | null = null;

  constructor(
    connection: Connection,
    request: OutgoingRequest,
    limits: ExchangeLimits,
    life: Life,
    settle: (outcome: Outcome) => void,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#limits = limits;
    this.#life = life;
    this.#settle = settle;
    this.#wireLimit =
      connection.socket.bytesRead + WIRE_FACTOR * (limits.maxBytes + limits.maxHeaderBytes) + WIRE_SLACK;
    connection.onBytes = () => {
      if (connection.socket.bytesRead > this.#wireLimit) this.#fail("TOO_LARGE", "it sends without end");
    };
    this.#stop = life.scope.onCancel((error) => {
      this.#end({ error });
    });
  }

  onRequestStart(): void {
    this.#started = true;
    if (!this.#settled) this.#life.sent = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#settled) return;
    if (status < 200) {
      this.#interim += 1;
      if (this.#interim > MAX_INTERIM) this.#fail("BAD_RESPONSE", `it sends more than ${MAX_INTERIM} interim answers`);
      return;
    }
    const raw = controller.rawHeaders;
    this.#headers = toHeaders(Array.isArray(raw) ? raw : []);
    this.#status = status;
    this.#life.retryAfterMs = readRetryAfter(this.#headers["retry-after"], this.#life.clock.now());
    this.#openBody();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#receivedAt = this.#life.clock.monotonic();
    this.#body?.write(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#clearIdle();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#settled) return;
    if (!this.#started) {
      this.#end({ error: isRefusedByClient(error) ? toRefusal(this.#life) : UNUSED });
      return;
    }
    const { code, problem } = toFailure(error, this.#status !== 0, this.#limits.maxHeaderBytes);
    this.#fail(code, problem);
  }

  #openBody(): void {
    const hasBody = this.#request.method !== "HEAD" && this.#status !== 204 && this.#status !== 304;
    const found = readEncoding(hasBody ? this.#headers["content-encoding"] : undefined);
    if ("problem" in found) {
      this.#fail("BAD_RESPONSE", found.problem);
      return;
    }
    const { maxBytes, idleMs } = this.#limits;
    const limit = toReceivedLimit(found.encoding, maxBytes);
    const announced = Number(this.#headers["content-length"] ?? 0);
    if (hasBody && announced > limit) {
      this.#fail("TOO_LARGE", `it announces ${announced} bytes, at most ${limit} are taken`);
      return;
    }
    this.#body = createBodyReader(found.encoding, maxBytes, {
      onEnd: (body, decoded) => {
        const headers = decoded ? withoutEncoding(this.#headers) : this.#headers;
        this.#end({ answer: { status: this.#status, headers, body } });
      },
      onFail: (code, problem) => {
        this.#fail(code, problem);
      },
    });
    this.#receivedAt = this.#life.clock.monotonic();
    this.#watch(idleMs);
  }

  /** One timer that moves on, instead of one per chunk. */
  #watch(delayMs: number): void {
    const { clock } = this.#life;
    this.#idleTimer = clock.setTimer(delayMs, () => {
      const left = this.#receivedAt + this.#limits.idleMs - clock.monotonic();
      if (left > 0) this.#watch(left);
      else this.#fail("TIMEOUT", `it has sent nothing for ${this.#limits.idleMs} ms`);
    });
  }

  #clearIdle(): void {
    if (this.#idleTimer !== null) this.#life.clock.clearTimer(this.#idleTimer);
    this.#idleTimer = null;
  }

  #fail(code: EgressCode, problem: string): void {
    this.#end({
      error: this.#life.fail(code, `the answer of ${this.#request.target.origin} cannot be used: ${problem}`),
    });
  }

  #end(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#clearIdle();
    this.#stop();
    this.#connection.onBytes = null;
    if ("error" in outcome) {
      this.#body?.destroy();
      this.#connection.destroy();
    }
    this.#settle(outcome);
  }
}

function toRefusal(life: Life): EgressError {
  return life.fail("REFUSED_URL", "the HTTP client takes a part of the request for something that may not be sent");
}
