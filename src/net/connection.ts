// One socket and the HTTP/1.1 client that speaks on it. It never reconnects: a connection that ends is over, so a request
// is written on a socket that was decided on, or not at all.
import type { Socket } from "node:net";
import { Client } from "./undici-client.ts";

/** How long a connection that nobody uses is kept, unless the upstream asks for less. */
const KEEP_ALIVE_MS = 4000;

export interface Connection {
  readonly client: Client;
  readonly socket: Socket;
  /** Whether it may carry another request. */
  readonly alive: boolean;
  /** Told whenever bytes have come in; null between requests. */
  onBytes: (() => void) | null;
  /** Resolves when the socket has closed. */
  readonly closed: Promise<void>;
  /** Closes it at once. Again does nothing. */
  destroy(): void;
}

/** Puts a client on `socket`, which is connected to `origin`. */
export function createConnection(origin: string, socket: Socket, maxHeaderBytes: number): Connection {
  let taken = false;
  const client = new Client(origin, {
    connect: (_options, callback) => {
      const isOver = taken;
      taken = true;
      // Later: the client does not look at its queue again when it is called back at once.
      queueMicrotask(() => {
        if (isOver || socket.destroyed) callback(new Error("the connection is over"), null);
        else callback(null, socket);
      });
    },
    // One request at a time: with more, what an upstream answers twice is taken for the answer to the next.
    pipelining: 1,
    allowH2: false,
    useMilo: false,
    maxHeaderSize: maxHeaderBytes,
    // Times are kept by the clock of the egress.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const connection: Connection = {
    client,
    socket,
    closed,
    onBytes: null,
    get alive() {
      return !socket.destroyed && !socket.readableEnded && socket.writable && !client.destroyed;
    },
    destroy() {
      socket.destroy();
      if (!client.destroyed) void client.destroy();
    },
  };
  // An error that no request takes must not end the process.
  (client as unknown as NodeJS.EventEmitter).on("error", () => {
    connection.destroy();
  });
  socket.on("readable", () => {
    connection.onBytes?.();
  });
  socket.once("close", () => {
    connection.destroy();
    resolve();
  });
  if (socket.closed) resolve();
  return connection;
}
