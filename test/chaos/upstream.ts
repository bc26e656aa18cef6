// A real HTTP server on the loopback interface, slow at random, that sometimes fails or hangs up; and a client for handlers.
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Draw } from "./draw.ts";

export interface Upstream {
  /** The body of an answer; rejects with the reason of `signal`, a status over 499, or what happened to the connection. */
  get(path: string, signal: AbortSignal): Promise<string>;
  /** Requests that were begun and have not ended, seen from the client. */
  readonly open: number;
  /** Ends the server, and the client's connections with it. */
  close(): Promise<void>;
}

const SLOWEST_MS = 20;

export async function openUpstream(draw: Draw): Promise<Upstream> {
  const server = createServer((incoming, response) => {
    const timer = setTimeout(
      () => {
        if (draw.chance(0.05)) incoming.socket.destroy();
        else response.writeHead(draw.chance(0.1) ? 503 : 200).end(incoming.url);
      },
      draw.int(0, SLOWEST_MS),
    );
    response.on("close", () => clearTimeout(timer));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  let open = 0;

  const get = (path: string, signal: AbortSignal): Promise<string> =>
    new Promise<string>((resolve, reject) => {
      open++;
      const outgoing = request({ host: "127.0.0.1", port, path, agent, signal }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (part: string) => (body += part));
        response.on("error", reject).on("end", () => {
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`HTTP ${response.statusCode}`));
        });
      });
      outgoing.on("close", () => open--).on("error", reject);
      outgoing.end();
    });

  return {
    get,
    get open() {
      return open;
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
