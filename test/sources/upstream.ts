// A real HTTP server on loopback that answers as a test says, and remembers what it heard.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Heard {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Upstream extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly heard: readonly Heard[];
}

/** Answers a request. */
export type Answer = (response: ServerResponse, heard: Heard, request: IncomingMessage) => void;

/** Answers with `value` as JSON. */
export const json =
  (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
  };

/** Answers with this text and this media type; none when it is null. */
export const raw =
  (text: string | Uint8Array, type: string | null, status = 200): Answer =>
  (response) => {
    response.writeHead(status, type === null ? {} : { "content-type": type }).end(text);
  };

/** Opens an upstream on a free port. */
export async function openUpstream(answer: Answer): Promise<Upstream> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const headers = request.headers as Readonly<Record<string, string>>;
      const one = { method: request.method ?? "", target: request.url ?? "", headers, body };
      heard.push(one);
      answer(response, one, request);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
