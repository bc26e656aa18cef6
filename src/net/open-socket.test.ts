// The last decision: on the address that answered, whatever was decided before.
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import type { AddressPolicy } from "./address.ts";
import { beginLife } from "./exchange-life.ts";
import { openSocket } from "./open-socket.ts";
import { parseTarget } from "./target.ts";

test("refuses the address a socket is connected to, and writes nothing to it", async () => {
  const received: Buffer[] = [];
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("close", () => {
      close();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  // As if the system had connected to another address than it was told.
  const decided: string[] = [];
  const policy: AddressPolicy = {
    key: "",
    allows: "public addresses",
    decide: (text) => (decided.push(text) === 1 ? { ok: true } : { ok: false, range: "loopback" }),
  };
  const life = beginLife(systemClock, 10_000, undefined);
  const target = parseTarget(`https://127.0.0.1:${port}/`);
  await expect(openSocket({ target, policy, resolve: async () => [], life })).rejects.toMatchObject({
    code: "REFUSED_ADDRESS",
    sent: false,
    message: "127.0.0.1 is connected to 127.0.0.1, which is refused (loopback): expected public addresses",
  });
  await closed;
  life.leave();
  server.close();
  expect(decided).toEqual(["127.0.0.1", "127.0.0.1"]);
  expect(Buffer.concat(received)).toHaveLength(0);
});
