// Names whose addresses change between the decision and the connection, or that have several. The upstream listens on every
// address of loopback; 127.0.0.1 is permitted and 127.0.0.2 is not, so that both stand for a public and a private one.
import { describe, expect, test } from "vitest";
import { failure, toRequest, toText, useEgress } from "./ask.ts";
import { answer, openUpstream } from "./upstream.ts";

const GOOD = "127.0.0.1";
const BAD = "127.0.0.2";
const ONLY_GOOD = { allowPrivate: ["127.0.0.1/32"] };

/** A resolver that gives the next of `answers` at every call, and the last for ever. */
function inTurn(...answers: readonly (readonly string[])[]): {
  resolve: () => Promise<readonly string[]>;
  calls: () => number;
} {
  let calls = 0;
  return {
    resolve: async () => answers[Math.min(calls++, answers.length - 1)] ?? [],
    calls: () => calls,
  };
}

describe("a name", () => {
  test("is resolved once per connection, and dialled where it was decided on", async () => {
    const local: (string | undefined)[] = [];
    await using upstream = await openUpstream((socket) => socket.write(answer("good")), {
      host: "0.0.0.0",
      onConnect: (socket) => local.push(socket.localAddress),
    });
    const { resolve, calls } = inTurn([GOOD], [BAD]);
    await using egress = useEgress({ resolve });
    const url = `http://rebinding.test:${upstream.port}/`;
    expect(toText(await egress.request(toRequest(url, ONLY_GOOD)))).toBe("good");
    expect(toText(await egress.request(toRequest(url, ONLY_GOOD)))).toBe("good");
    expect(calls()).toBe(1);
    expect(local).toEqual([GOOD]);
    expect(upstream.heard[0]?.headers).toContain(`host: rebinding.test:${upstream.port}`);
  });

  test("that has moved is refused at the next connection", async () => {
    await using upstream = await openUpstream((socket) => socket.end(answer("good", ["connection: close"])), {
      host: "0.0.0.0",
    });
    await using egress = useEgress({ resolve: inTurn([GOOD], [BAD]).resolve });
    const url = `http://rebinding.test:${upstream.port}/`;
    await egress.request(toRequest(url, ONLY_GOOD));
    await upstream.isQuiet();
    const error = await failure(egress.request(toRequest(url, ONLY_GOOD)));
    expect(error).toMatchObject({ code: "REFUSED_ADDRESS", sent: false });
    expect(error.message).toBe(
      "rebinding.test resolves to 127.0.0.2, which is refused (loopback): expected public addresses and 127.0.0.1/32",
    );
    expect(upstream.accepted).toBe(1);
  });

  test.each([[[GOOD, BAD]], [[BAD, GOOD]], [["::1", GOOD]], [[GOOD, "::ffff:127.0.0.1"]], [[GOOD, GOOD, GOOD, BAD]]])(
    "with several addresses is refused for one of them: %j",
    async (addresses) => {
      await using upstream = await openUpstream((socket) => socket.end(answer("")), { host: "0.0.0.0" });
      await using egress = useEgress({ resolve: async () => addresses });
      const error = await failure(egress.request(toRequest(`http://mixed.test:${upstream.port}/`, ONLY_GOOD)));
      expect(error).toMatchObject({ code: "REFUSED_ADDRESS", sent: false });
      expect(upstream.accepted).toBe(0);
    },
  );

  test("with several permitted addresses is reached over one that answers", async () => {
    await using upstream = await openUpstream((socket) => socket.write(answer("good")));
    await using egress = useEgress({ resolve: async () => ["127.0.0.3", GOOD] });
    expect(toText(await egress.request(toRequest(`http://several.test:${upstream.port}/`)))).toBe("good");
  });

  test.each([
    ["has none", async () => []],
    ["has something else", async () => ["not-an-address"]],
    ["has too many", async () => Array.from({ length: 65 }, () => GOOD)],
    [
      "is not known",
      async () => {
        throw Object.assign(new Error("canary"), { code: "ENOTFOUND" });
      },
    ],
  ])("that %s is not dialled", async (_how, resolve) => {
    await using egress = useEgress({ resolve });
    const error = await failure(egress.request(toRequest("http://nowhere.test/")));
    expect(error).toMatchObject({ code: "RESOLVE_FAILED", sent: false });
    expect(error.message).not.toContain("canary");
  });

  test("whose resolution hangs is given up, and what it says later is ignored", async () => {
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    const controller = new AbortController();
    await using egress = useEgress({ resolve: () => promise });
    const asked = failure(egress.request(toRequest("http://slow.test/", { signal: controller.signal })));
    await Promise.resolve();
    controller.abort();
    expect(await asked).toMatchObject({ code: "CANCELLED", sent: false });
    resolve([GOOD]);
    expect(egress.stats()).toMatchObject({ connections: 0, active: 0 });
  });
});
