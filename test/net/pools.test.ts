// Connections are shared within equal pools alone, and one on which anything was out of place carries nothing more.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { failure, POOL, toRequest, toText, useEgress } from "./ask.ts";
import { answer, openUpstream } from "./upstream.ts";

const FOREIGN = answer("a secret of somebody else");

describe("connections", () => {
  test("are used again within a pool", async () => {
    await using upstream = await openUpstream((socket, _heard, count) => socket.write(answer(`answer ${count}`)));
    await using egress = useEgress();
    for (let count = 1; count <= 5; count++) {
      expect(toText(await egress.request(toRequest(upstream.origin)))).toBe(`answer ${count}`);
    }
    expect(upstream.accepted).toBe(1);
    expect(egress.stats()).toEqual({ pools: 1, connections: 1, idle: 1, waiting: 0, active: 0 });
  });

  test.each([
    ["tenant", { pool: { ...POOL, tenant: "other" } }],
    ["upstream", { pool: { ...POOL, upstream: "other" } }],
    ["credential", { pool: { ...POOL, credential: "other" } }],
    ["permission", { allowPrivate: true }],
  ])("are not shared across a different %s", async (_what, other) => {
    await using upstream = await openUpstream((socket) => socket.write(answer("")));
    await using egress = useEgress();
    await egress.request(toRequest(upstream.origin));
    await egress.request(toRequest(upstream.origin, other));
    expect(upstream.accepted).toBe(2);
    expect(egress.stats().pools).toBe(2);
  });

  test("are not more than a pool may have; the rest waits in turn", async () => {
    const asked: Socket[] = [];
    await using upstream = await openUpstream((socket) => asked.push(socket));
    await using egress = useEgress({ maxConnectionsPerPool: 2 });
    const order: number[] = [];
    const all = Array.from({ length: 6 }, async (_, index) => {
      await egress.request(toRequest(`${upstream.origin}/${index}`));
      order.push(index);
    });
    for (let count = 2; count <= 6; count++) {
      await upstream.hears(count);
      expect(egress.stats()).toMatchObject({ connections: 2, waiting: 6 - count });
      asked.shift()?.write(answer(""));
    }
    asked.shift()?.write(answer(""));
    await Promise.all(all);
    expect(upstream.heard.map(({ path }) => path).slice(2)).toEqual(["/2", "/3", "/4", "/5"]);
    expect(order).toHaveLength(6);
    expect(upstream.accepted).toBe(2);
  });

  test("pass their place on when who waits leaves, and when one breaks", async () => {
    const asked: Socket[] = [];
    await using upstream = await openUpstream((socket) => asked.push(socket));
    await using egress = useEgress({ maxConnectionsPerPool: 1 });
    const controller = new AbortController();
    const first = failure(egress.request(toRequest(upstream.origin)));
    const left = failure(egress.request(toRequest(upstream.origin, { signal: controller.signal })));
    const last = egress.request(toRequest(upstream.origin));
    await upstream.hears(1);
    controller.abort();
    expect(await left).toMatchObject({ code: "CANCELLED", sent: false });
    asked.shift()?.destroy();
    expect(await first).toMatchObject({ code: "CONNECTION_LOST", sent: true });
    await upstream.hears(2);
    asked.shift()?.write(answer("last"));
    expect(toText(await last)).toBe("last");
  });

  test("are closed when their pool makes room for another", async () => {
    await using upstream = await openUpstream((socket) => socket.write(answer("")));
    await using egress = useEgress({ maxPools: 2 });
    for (const tenant of ["a", "b", "c"]) {
      await egress.request(toRequest(upstream.origin, { pool: { ...POOL, tenant } }));
    }
    expect(egress.stats().pools).toBe(2);
    // The one of "a" is gone, that of "b" is not.
    await egress.request(toRequest(upstream.origin, { pool: { ...POOL, tenant: "b" } }));
    expect(upstream.accepted).toBe(3);
    await egress.request(toRequest(upstream.origin, { pool: { ...POOL, tenant: "a" } }));
    expect(upstream.accepted).toBe(4);
  });

  test("that are in use when their pool makes room serve out their request", async () => {
    const asked: Socket[] = [];
    await using upstream = await openUpstream((socket) => asked.push(socket));
    await using egress = useEgress({ maxPools: 1 });
    const first = egress.request(toRequest(upstream.origin));
    await upstream.hears(1);
    const second = egress.request(toRequest(upstream.origin, { pool: { ...POOL, tenant: "b" } }));
    await upstream.hears(2);
    for (const socket of asked) socket.write(answer("served"));
    expect([toText(await first), toText(await second)]).toEqual(["served", "served"]);
    await upstream.has(1);
    expect(egress.stats()).toMatchObject({ pools: 1, connections: 1 });
  });
});

describe("a poisoned connection", () => {
  test("in the same segment: who asks next gets an answer of their own", async () => {
    await using upstream = await openUpstream((socket, _heard, count) =>
      socket.write(count === 1 ? answer("one") + FOREIGN : answer(`own ${count}`)),
    );
    await using egress = useEgress();
    const other = { pool: { ...POOL, tenant: "other" } };
    expect(toText(await egress.request(toRequest(upstream.origin)))).toBe("one");
    expect(toText(await egress.request(toRequest(upstream.origin)))).toBe("own 2");
    expect(toText(await egress.request(toRequest(upstream.origin, other)))).toBe("own 3");
    expect(upstream.accepted).toBe(3);
  });

  test("in the same segment, while others already wait for it", async () => {
    await using upstream = await openUpstream((socket, { path }, count) =>
      socket.write(count === 1 ? answer(path) + FOREIGN : answer(path)),
    );
    await using egress = useEgress({ maxConnectionsPerPool: 1 });
    const paths = ["/1", "/2", "/3", "/4"];
    const texts = await Promise.all(
      paths.map(async (path) => toText(await egress.request(toRequest(`${upstream.origin}${path}`)))),
    );
    expect(texts).toEqual(paths);
    expect(upstream.accepted).toBe(2);
  });

  test("while it is idle: it is closed, and not used again", async () => {
    const sockets: Socket[] = [];
    await using upstream = await openUpstream((socket, _heard, count) => {
      sockets.push(socket);
      socket.write(answer(`own ${count}`));
    });
    await using egress = useEgress();
    await egress.request(toRequest(upstream.origin));
    sockets[0]?.write(FOREIGN);
    await upstream.isQuiet();
    expect(toText(await egress.request(toRequest(upstream.origin)))).toBe("own 2");
    expect(upstream.accepted).toBe(2);
    expect(egress.stats().connections).toBe(1);
  });

  test("at any moment: nothing of it reaches another tenant", async () => {
    // Every answer names the tenant of the connection it came on. What is written after an answer may arrive with the next
    // request there, where nobody can tell it from that one's answer: it is for the same tenant then.
    const sockets: Socket[] = [];
    await using upstream = await openUpstream((socket, { path }) => {
      sockets.push(socket);
      socket.write(answer(path.slice(1)));
    });
    await using egress = useEgress();
    const seen: (readonly [string, string])[] = [];
    const ask = async (tenant: string): Promise<void> => {
      const response = await egress.request(toRequest(`${upstream.origin}/${tenant}`, { pool: { ...POOL, tenant } }));
      seen.push([tenant, toText(response)]);
    };
    for (let round = 0; round < 60; round++) {
      const tenant = String(round % 3);
      await ask(tenant);
      const next = ask(String((round + 1) % 3));
      sockets.at(-1)?.write(answer(tenant));
      await next;
    }
    expect(seen).toHaveLength(120);
    expect(seen.filter(([tenant, text]) => tenant !== text)).toEqual([]);
  });

  test.each([
    ["more bytes than it says", `${answer("12345")}67`],
    ["a body where there is none", "HTTP/1.1 204 No Content\r\n\r\nbody"],
    ["a body that a length denies", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nbody"],
    ["a line after the last chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nmore"],
  ])("by %s is dropped", async (_how, bytes) => {
    await using upstream = await openUpstream((socket) => socket.write(bytes));
    await using egress = useEgress();
    await egress.request(toRequest(upstream.origin));
    await upstream.isQuiet();
    expect(egress.stats().connections).toBe(0);
  });

  test("by an answer to a HEAD with a body is dropped", async () => {
    await using upstream = await openUpstream((socket) => socket.write(answer("body")));
    await using egress = useEgress();
    const response = await egress.request(toRequest(upstream.origin, { method: "HEAD" }));
    expect(response.body).toHaveLength(0);
    await upstream.isQuiet();
  });

  test("that its upstream closes while idle costs the next request nothing", async () => {
    const sockets: Socket[] = [];
    await using upstream = await openUpstream((socket, _heard, count) => {
      sockets.push(socket);
      socket.write(answer(`own ${count}`));
    });
    await using egress = useEgress();
    for (let round = 1; round <= 20; round++) {
      const response = await egress.request(toRequest(upstream.origin, { method: "POST", body: "x" }));
      expect(toText(response)).toBe(`own ${round}`);
      sockets.at(-1)?.end();
      await upstream.isQuiet();
    }
  });
});

describe("a connection that ends between a request's turn and its first byte", () => {
  /** The sockets that the process opens while `work` runs. */
  async function withSockets(work: (opened: readonly Socket[]) => Promise<void>): Promise<void> {
    const opened: Socket[] = [];
    const onSocket = (message: unknown): void => {
      opened.push((message as { readonly socket: Socket }).socket);
    };
    subscribe("net.client.socket", onSocket);
    try {
      await work(opened);
    } finally {
      unsubscribe("net.client.socket", onSocket);
    }
  }

  test("costs the request nothing, and is sent once", async () => {
    await withSockets(async (opened) => {
      await using upstream = await openUpstream((socket, { path }) => socket.write(answer(path)));
      await using egress = useEgress();
      await egress.request(toRequest(`${upstream.origin}/first`));
      const asked = egress.request(toRequest(`${upstream.origin}/second`, { method: "POST", body: "x" }));
      // It has its connection by then, and waits for one turn of the loop before it writes.
      await afterTurns(50);
      opened[0]?.destroy();
      expect(toText(await asked)).toBe("/second");
      expect(upstream.heard.map(({ path }) => path)).toEqual(["/first", "/second"]);
      expect(upstream.accepted).toBe(2);
    });
  });

  test("at any step: what is said not to have been sent has not been heard", async () => {
    const codes = new Set<string>();
    for (let turns = 0; turns < 30; turns++) {
      const closing = (message: unknown): void => {
        const { socket } = message as { readonly socket: Socket };
        socket.prependListener("connect", () => {
          void afterTurns(turns).then(() => socket.destroy());
        });
      };
      await using upstream = await openUpstream((socket, { path }) => socket.write(answer(path)));
      await using egress = useEgress();
      subscribe("net.client.socket", closing);
      try {
        const error = await failure(egress.request(toRequest(upstream.origin, { method: "POST", body: "x" })));
        codes.add(`${error.code} ${error.sent}`);
        await upstream.isQuiet();
        if (!error.sent) expect(upstream.heard).toEqual([]);
        expect(upstream.heard.length).toBeLessThan(2);
      } finally {
        unsubscribe("net.client.socket", closing);
      }
      expect(egress.stats()).toMatchObject({ connections: 0, active: 0 });
    }
    expect([...codes].toSorted()).toEqual(["CONNECTION_LOST false", "CONNECTION_LOST true", "CONNECT_FAILED false"]);
  });
});

describe("closing", () => {
  test("cancels what is under way, closes every connection and takes no more", async () => {
    await using upstream = await openUpstream((socket, { path }) => {
      if (path === "/idle") socket.write(answer(""));
    });
    const egress = useEgress({ maxConnectionsPerPool: 2 });
    const first = failure(egress.request(toRequest(upstream.origin)));
    await upstream.hears(1);
    await egress.request(toRequest(`${upstream.origin}/idle`));
    const second = failure(egress.request(toRequest(upstream.origin)));
    await upstream.hears(3);
    const waiting = failure(egress.request(toRequest(upstream.origin)));
    await egress.close();
    expect(await first).toMatchObject({ code: "CANCELLED", sent: true });
    expect(await second).toMatchObject({ code: "CANCELLED", sent: true });
    expect(await waiting).toMatchObject({ code: "CANCELLED", sent: false });
    await upstream.isQuiet();
    expect(await failure(egress.request(toRequest(upstream.origin)))).toMatchObject({ code: "CANCELLED", sent: false });
    expect(egress.stats()).toEqual({ pools: 0, connections: 0, idle: 0, waiting: 0, active: 0 });
    await egress.close();
  });
});

/** Resolves after so many turns of the queue of microtasks. */
async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
