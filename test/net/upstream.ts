// An upstream on loopback that speaks in raw bytes, so that it can say what no server library would.
import { createServer, type Server, type Socket } from "node:net";

export interface Heard {
  /** Request line, headers and body as they came. */
  readonly text: string;
  readonly method: string;
  readonly path: string;
  /** Lines of the head, names in lower case: `host: 127.0.0.1:1`. */
  readonly headers: readonly string[];
}

export interface Upstream extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly heard: readonly Heard[];
  /** Connections that were accepted, ever. */
  readonly accepted: number;
  /** Connections that are open. */
  readonly open: number;
  /** Resolves once `count` requests have been heard. */
  hears(count: number): Promise<void>;
  /** Resolves once no connection is open. */
  isQuiet(): Promise<void>;
  /** Resolves once `open` is `count`. */
  has(count: number): Promise<void>;
}

/** Called for every request on a connection. */
export type Script = (socket: Socket, heard: Heard, count: number) => void;

export interface UpstreamOptions {
  /** Called for every connection. */
  readonly onConnect?: (socket: Socket) => void;
  /** @default 127.0.0.1 */
  readonly host?: string;
}

/** An answer with what it needs and no more. */
export function answer(body: string, headers: readonly string[] = [], status = "200 OK"): string {
  return [`HTTP/1.1 ${status}`, `content-length: ${Buffer.byteLength(body)}`, ...headers, "", body].join("\r\n");
}

/** Opens an upstream on a free port. */
export async function openUpstream(script: Script, options: UpstreamOptions = {}): Promise<Upstream> {
  const heard: Heard[] = [];
  const sockets = new Set<Socket>();
  const changed = new Set<() => void>();
  let accepted = 0;
  const change = (): void => {
    for (const tell of changed) tell();
  };

  const server = createServer({ noDelay: true }, (socket) => {
    accepted += 1;
    sockets.add(socket);
    let pending = "";
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      change();
    });
    options.onConnect?.(socket);
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (let next = takeRequest(pending); next !== null; next = takeRequest(pending)) {
        pending = pending.slice(next.text.length);
        heard.push(next);
        script(socket, next, heard.length);
        change();
      }
    });
  });
  const port = await listen(server, options.host ?? "127.0.0.1");

  const until = async (condition: () => boolean): Promise<void> => {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const tell = (): void => {
        if (!condition()) return;
        changed.delete(tell);
        resolve();
      };
      changed.add(tell);
    });
  };

  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    heard,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    hears: (count) => until(() => heard.length >= count),
    isQuiet: () => until(() => sockets.size === 0),
    has: (count) => until(() => sockets.size === count),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

async function listen(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the upstream has no port");
  return address.port;
}

function takeRequest(text: string): Heard | null {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line) => line.replace(/^[^:]*/, (name) => name.toLowerCase()));
  const length = Number(headers.find((line) => line.startsWith("content-length: "))?.slice(16) ?? 0);
  if (text.length < end + 4 + length) return null;
  const [method = "", path = ""] = first.split(" ");
  return { text: text.slice(0, end + 4 + length), method, path, headers };
}
