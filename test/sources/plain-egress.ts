// The smallest thing that is an egress: one request over `node:http`, nothing guarded. What tools make of it must not depend on
// which egress they were given, so the same tests run over this one and over the guarded one.
import { request as send } from "node:http";
import type { Egress, EgressCode, EgressRequest, EgressResponse } from "../../src/net/index.ts";

/** As the guarded egress fails; a class of its own on purpose. */
export class PlainFailure extends Error {
  override readonly name = "EgressError";
  readonly retryAfterMs = null;
  readonly code: EgressCode;
  readonly sent: boolean;

  constructor(code: EgressCode, sent: boolean) {
    super(`the exchange ended: ${code}`);
    this.code = code;
    this.sent = sent;
  }
}

/** Sends it to wherever it says. */
export const plainEgress: Pick<Egress, "request"> = {
  request: ({ method, url, headers = {}, body = null, signal, maxBytes = 1_048_576, credential }: EgressRequest) =>
    new Promise<EgressResponse>((resolve, reject) => {
      const isTheirs = credential?.origin === new URL(url).origin;
      const all = { ...headers, ...(isTheirs ? credential?.headers : {}) };
      let sent = false;
      const outgoing = send(url, { method, headers: all, ...(signal === undefined ? {} : { signal }) }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", () => {
          reject(new PlainFailure("CONNECTION_LOST", true));
        });
        incoming.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const received = incoming.headers as Readonly<Record<string, string>>;
          if (bytes.byteLength > maxBytes) reject(new PlainFailure("TOO_LARGE", true));
          else resolve({ status: incoming.statusCode ?? 0, headers: received, body: bytes, url, redirected: false });
        });
      });
      outgoing.on("finish", () => {
        sent = true;
      });
      outgoing.on("error", () => {
        reject(new PlainFailure(sent ? "CONNECTION_LOST" : "CONNECT_FAILED", sent));
      });
      outgoing.end(body ?? undefined);
    }),
};
