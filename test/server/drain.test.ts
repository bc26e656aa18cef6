// The end of a server: nobody who obeys readiness is refused or cut off, streams end with a last event, a second word ends it at
// once, and what was promised to be written is.
import { describe, expect, it } from "vitest";
import { openWorld, send, type World } from "./world.ts";

const LAME_DUCK_MS = 1_000;
const DRAIN = { config: { server: { drain: { lameDuckMs: LAME_DUCK_MS, graceMs: 5_000 } } } };

interface Tally {
  answered: number;
  refused: number;
  broken: number;
}

/** A client behind a balancer: it asks as long as the server says that it is ready, and counts what goes wrong. */
function startClient(world: World, workers: number): { readonly tally: Tally; readonly done: Promise<unknown> } {
  const tally: Tally = { answered: 0, refused: 0, broken: 0 };
  let ready = true;
  const headers = { ...world.headersOf("user") };
  const watch = async (): Promise<void> => {
    while (ready) {
      const answer = await send(world.url, "GET", "/readyz", { headers: { connection: "close" } }).catch(() => null);
      ready = answer?.status === 200;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const work = async (): Promise<void> => {
    while (ready) {
      try {
        const { status } = await send(world.url, "POST", "/v1/tools/test.add/calls", { headers, body: { by: 1 } });
        if (status === 200) tally.answered++;
        else tally.refused++;
      } catch {
        tally.broken++;
      }
    }
  };
  return { tally, done: Promise.all([watch(), ...Array.from({ length: workers }, work)]) };
}

describe("a server that is told to stop under load", () => {
  it("answers all that came before its end: none broken, none refused", async () => {
    const world = await openWorld(DRAIN);
    const { tally, done } = startClient(world, 8);
    while (tally.answered < 50) await new Promise((resolve) => setTimeout(resolve, 10));
    const stopped = world.server.stop();
    await done;
    await stopped;
    expect(tally).toMatchObject({ refused: 0, broken: 0 });
    expect(tally.answered).toBe(world.entered.get("test.add"));
    await expect(send(world.url, "GET", "/healthz", {})).rejects.toThrow("fetch failed");
    await world[Symbol.asyncDispose]();
  });

  it("says why it is not ready, and ends each connection with its answer", async () => {
    await using world = await openWorld(DRAIN);
    const stopped = world.server.stop();
    const { status, json, headers } = await world.ask("GET", "/readyz");
    expect([status, json.ready]).toEqual([503, false]);
    expect(json.reasons).toContainEqual({ what: "draining", degraded: false, detail: "The server is about to stop." });
    expect((await world.ask("GET", "/healthz")).status).toBe(200);
    const call = await world.ask("POST", "/v1/tools/test.echo/calls", { who: "user", body: {} });
    expect([call.status, call.headers.get("connection")]).toEqual([200, "close"]);
    expect(headers.get("connection")).toBe("close");
    await stopped;
  });
});

describe("a stream that still runs at the end", () => {
  it("is ended with a last event", async () => {
    await using world = await openWorld({ config: { server: { drain: { lameDuckMs: 0, graceMs: 200 } } } });
    const headers = { ...world.headersOf("user"), accept: "text/event-stream" };
    const streaming = send(world.url, "POST", "/v1/tools/test.wait/calls", { headers, body: {} });
    while (world.entered.get("test.wait") === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await world.server.stop();
    const { text } = await streaming;
    expect(text).toMatch(/^event: error\ndata: .*"code":"CANCELLED".*\n\n$/);
    expect(world.aborted()).toBe(1);
  });
});

describe("a second word", () => {
  it("ends it at once", async () => {
    await using world = await openWorld({ config: { server: { drain: { lameDuckMs: 600_000, graceMs: 600_000 } } } });
    const waiting = world.ask("POST", "/v1/tools/test.wait/calls", { who: "user", body: {} });
    while (world.entered.get("test.wait") === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    const first = world.server.stop();
    const second = world.server.stop();
    expect(second).toBe(first);
    await first;
    expect((await waiting).json.code).toBe("CANCELLED");
  });
});

describe("the kill switch", () => {
  it("stops a tool, a tenant and all, says so, and lets go again", async () => {
    await using world = await openWorld();
    const call = async (who: "user" | "foreign", tool: string): Promise<string> => {
      const { status, json } = await world.ask("POST", `/v1/tools/${tool}/calls`, { who, body: {} });
      return status === 200 ? "ok" : json.code;
    };
    const stop = (scope: object) =>
      world.ask("POST", "/v1/stops", { who: "operator", body: { scope, reason: "drill" } });
    const resume = (query: string) => world.ask("DELETE", `/v1/stops${query}`, { who: "operator" });

    expect((await stop({ kind: "tool", name: "test.echo" })).json.stops).toMatchObject([
      { scope: { kind: "tool", name: "test.echo" }, reason: "drill", by: "default/admin" },
    ]);
    expect([await call("user", "test.echo"), await call("user", "test.steps")]).toEqual(["STOPPED", "ok"]);
    expect((await resume("?tool=test.echo")).json.stops).toEqual([]);
    await stop({ kind: "tenant", tenant: "acme" });
    expect([await call("user", "test.echo"), await call("foreign", "test.echo")]).toEqual(["ok", "STOPPED"]);
    await resume("?tenant=acme");
    await stop({ kind: "all" });
    expect([await call("user", "test.echo"), await call("foreign", "test.echo")]).toEqual(["STOPPED", "STOPPED"]);
    expect((await world.ask("GET", "/readyz")).status).toBe(503);
    await resume("");
    expect(await call("user", "test.echo")).toBe("ok");
    expect((await resume("")).status).toBe(404);
  });
});
