// A redirect is an answer. Where hops are allowed they stay within one origin, are decided anew, and never carry a
// credential anywhere else.
import { describe, expect, test } from "vitest";
import type { EgressRequest } from "../../src/net/index.ts";
import { failure, toRequest, toText, useEgress } from "./ask.ts";
import { answer, openUpstream, type Upstream } from "./upstream.ts";

const CANARY = "canary-4f1d";

/** An upstream whose `/start` redirects to what `locations` say in turn, and that answers everything else with its path. */
function openRedirecting(status: number, ...locations: readonly string[]): Promise<Upstream> {
  let next = 0;
  return openUpstream((socket, { path }) => {
    const location = path.startsWith("/start") ? locations[Math.min(next++, locations.length - 1)] : undefined;
    if (location === undefined) socket.write(answer(`at ${path}`));
    else socket.write(answer("moved", [`location: ${location}`], `${status} Moved`));
  });
}

const withCanary = (origin: string): Partial<EgressRequest> => ({
  credential: { origin, headers: { Authorization: `Bearer ${CANARY}` } },
});

const hasCanary = ({ heard }: Upstream): readonly boolean[] => heard.map(({ text }) => text.includes(CANARY));

describe("by default", () => {
  test.each([301, 302, 303, 307, 308])("a %i is an answer", async (status) => {
    await using honeypot = await openUpstream((socket) => socket.write(answer("caught")));
    await using upstream = await openRedirecting(status, honeypot.origin);
    await using egress = useEgress();
    const response = await egress.request(toRequest(`${upstream.origin}/start`));
    expect(response).toMatchObject({ status, redirected: false, url: `${upstream.origin}/start` });
    expect(response.headers["location"]).toBe(honeypot.origin);
    expect(honeypot.accepted).toBe(0);
  });
});

describe("where hops are allowed", () => {
  test.each([301, 302, 303, 307, 308])(
    "a %i within the origin is followed, method and credential kept",
    async (status) => {
      await using upstream = await openRedirecting(status, "/there?x=1#part");
      await using egress = useEgress({ maxRedirects: 3 });
      const response = await egress.request(toRequest(`${upstream.origin}/start`, withCanary(upstream.origin)));
      expect(toText(response)).toBe("at /there?x=1");
      expect(response).toMatchObject({ status: 200, redirected: true, url: `${upstream.origin}/there?x=1` });
      expect(hasCanary(upstream)).toEqual([true, true]);
      const head = await egress.request(toRequest(`${upstream.origin}/start`, { method: "HEAD" }));
      expect(head.redirected).toBe(true);
      expect(upstream.heard.map(({ method }) => method)).toEqual(["GET", "GET", "HEAD", "HEAD"]);
    },
  );

  test.each([301, 302, 303, 307, 308])("a %i of a request that writes is an answer", async (status) => {
    await using upstream = await openRedirecting(status, "/there");
    await using egress = useEgress({ maxRedirects: 3 });
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const response = await egress.request(toRequest(`${upstream.origin}/start`, { method }));
      expect(response).toMatchObject({ status, redirected: false });
    }
    expect(upstream.heard).toHaveLength(4);
  });

  test("one to another origin is an answer, and no credential goes there", async () => {
    await using honeypot = await openUpstream((socket) => socket.write(answer("caught")));
    await using upstream = await openRedirecting(302, `${honeypot.origin}/steal`);
    await using egress = useEgress({ maxRedirects: 3 });
    const response = await egress.request(toRequest(`${upstream.origin}/start`, withCanary(upstream.origin)));
    expect(response).toMatchObject({ status: 302, redirected: false });
    expect(honeypot.accepted).toBe(0);
    expect(hasCanary(upstream)).toEqual([true]);
  });

  test.each([
    "http://127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "http://[::1]:PORT/",
    "http://0x7f000001:PORT/",
    "https://127.0.0.1:PORT/",
    "http://localhost:PORT/",
  ])("a public upstream that redirects to loopback is not followed: %s", async (location) => {
    await using honeypot = await openUpstream((socket) => socket.write(answer("caught")), { host: "0.0.0.0" });
    await using upstream = await openRedirecting(302, location.replace("PORT", String(honeypot.port)));
    await using egress = useEgress({ maxRedirects: 3, resolve: async () => ["127.0.0.1"] });
    const response = await egress.request(toRequest(`http://public.test:${upstream.port}/start`));
    expect(response.status).toBe(302);
    expect(honeypot.accepted).toBe(0);
  });

  test("each hop is decided anew", async () => {
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    await using upstream = await openUpstream((socket) => {
      socket.end(answer("moved", ["location: /there", "connection: close"], "302 Found"));
    });
    await using egress = useEgress({ maxRedirects: 3, resolve: async () => answers.shift() ?? [] });
    const request = toRequest(`http://moving.test:${upstream.port}/start`, { allowPrivate: ["127.0.0.1/32"] });
    const error = await failure(egress.request(request));
    expect(error).toMatchObject({ code: "REFUSED_ADDRESS", sent: true });
    expect(upstream.accepted).toBe(1);
  });

  test.each([
    "http://user:pw@127.0.0.1:PORT/there",
    "http://127.0.0.1:PORT\\there",
    "http://[/",
    "http://127.0.0.1:0/",
  ])("one to what is no URL is refused: %s", async (location) => {
    await using upstream = await openUpstream((socket, _heard) => {
      const there = location.replace("PORT", String(socket.localPort));
      socket.write(answer("", [`location: ${there}`], "302 Found"));
    });
    await using egress = useEgress({ maxRedirects: 3 });
    const error = await failure(egress.request(toRequest(`${upstream.origin}/start`)));
    expect(error).toMatchObject({ code: "REFUSED_URL", sent: true });
    expect(error.message).not.toContain("pw");
  });

  test("a circle ends", async () => {
    await using upstream = await openRedirecting(302, "/start");
    await using egress = useEgress({ maxRedirects: 3 });
    const error = await failure(egress.request(toRequest(`${upstream.origin}/start`)));
    expect(error).toMatchObject({ code: "TOO_MANY_REDIRECTS", sent: true });
    expect(upstream.heard).toHaveLength(4);
  });

  test("a redirect that says nowhere, and a 304, are answers", async () => {
    await using upstream = await openUpstream((socket, { path }) => {
      socket.write(
        path === "/304" ? "HTTP/1.1 304 Not Modified\r\nlocation: /there\r\n\r\n" : answer("", [], "302 Found"),
      );
    });
    await using egress = useEgress({ maxRedirects: 3 });
    expect((await egress.request(toRequest(`${upstream.origin}/302`))).status).toBe(302);
    expect((await egress.request(toRequest(`${upstream.origin}/304`))).status).toBe(304);
  });
});

describe("a credential", () => {
  test.each([
    ["another port", (origin: string) => origin.replace(/\d+$/, "1")],
    ["another scheme", (origin: string) => origin.replace("http:", "https:")],
    ["another host", () => "http://api.example.com"],
    ["a host that begins alike", (origin: string) => `${origin.replace(/:\d+$/, "")}.example.com`],
  ])("for %s is left out", async (_what, toOther) => {
    await using upstream = await openUpstream((socket) => socket.write(answer("")));
    await using egress = useEgress();
    await egress.request(toRequest(upstream.origin, withCanary(toOther(upstream.origin))));
    expect(hasCanary(upstream)).toEqual([false]);
  });

  test("for the origin is attached, over a header of the same name in any case", async () => {
    await using upstream = await openUpstream((socket) => socket.write(answer("")));
    await using egress = useEgress();
    const headers = { AUTHORIZATION: "Bearer of-the-caller" };
    await egress.request(toRequest(upstream.origin, { ...withCanary(upstream.origin), headers }));
    const lines = upstream.heard[0]?.headers.filter((line) => line.startsWith("authorization"));
    expect(lines).toEqual([`authorization: Bearer ${CANARY}`]);
  });

  test("is in no message", async () => {
    await using upstream = await openUpstream((socket) => socket.end("garbage\r\n\r\n"));
    await using egress = useEgress();
    const bad = { credential: { origin: upstream.origin, headers: { authorization: `${CANARY}\r\nx: y` } } };
    for (const more of [withCanary(upstream.origin), bad, { headers: { authorization: `${CANARY}\n` } }]) {
      const error = await failure(egress.request(toRequest(`${upstream.origin}/?key=${CANARY}`, more)));
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain(CANARY);
    }
  });
});
