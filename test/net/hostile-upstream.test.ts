// Upstreams that are slow, endless, swollen or untrue. Each must end in its error, in bounded time and memory, with the
// socket closed: `isQuiet` is the upstream's own view of that.
import { randomBytes } from "node:crypto";
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { failure, toRequest, toText, useEgress } from "./ask.ts";
import { answer, openUpstream } from "./upstream.ts";

const MIB = 1_048_576;
/** Zeros are as small at a low quality, in a thirtieth of the time. */
const brotli = (bytes: Buffer): Buffer =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
const HEAD = "HTTP/1.1 200 OK\r\n";

/** An upstream that answers everything with `bytes`. */
const openAnswering = (...bytes: readonly (string | Uint8Array)[]): ReturnType<typeof openUpstream> =>
  openUpstream((socket) => {
    for (const chunk of bytes) socket.write(chunk);
  });

const encoded = (encoding: string, body: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(`${HEAD}content-encoding: ${encoding}\r\ncontent-length: ${body.byteLength}\r\n\r\n`),
    body,
  ]);

describe("a whole answer", () => {
  test("comes back with status, headers and body, whatever the status", async () => {
    await using upstream = await openAnswering(answer('{"a":1}', ["X-One: 1", "x-one: 2"], "404 Not Found"));
    await using egress = useEgress();
    const response = await egress.request(
      toRequest(`${upstream.origin}/a?b=c#d`, { headers: { Accept: "text/plain" } }),
    );
    expect(response).toMatchObject({ status: 404, url: `${upstream.origin}/a?b=c`, redirected: false });
    expect(response.headers["x-one"]).toBe("1, 2");
    expect(Object.getPrototypeOf(response.headers)).toBe(null);
    expect(toText(response)).toBe('{"a":1}');
    expect(upstream.heard[0]).toMatchObject({ method: "GET", path: "/a?b=c" });
    expect(upstream.heard[0]?.headers).toContain("accept: text/plain");
  });

  test("may come without a body, or end with the connection", async () => {
    await using empty = await openAnswering("HTTP/1.1 204 No Content\r\n\r\n");
    await using closing = await openUpstream((socket) => socket.end(`${HEAD}\r\nuntil the end`));
    await using egress = useEgress();
    expect((await egress.request(toRequest(empty.origin))).body).toHaveLength(0);
    expect(toText(await egress.request(toRequest(closing.origin)))).toBe("until the end");
    const head = await egress.request(toRequest(closing.origin, { method: "HEAD" }));
    expect(head.body).toHaveLength(0);
  });

  test("carries the body of a request once, with one length", async () => {
    await using upstream = await openAnswering(answer("done"));
    await using egress = useEgress();
    await egress.request(toRequest(upstream.origin, { method: "POST", body: "grüß" }));
    const [heard] = upstream.heard;
    expect(heard?.text.endsWith("\r\n\r\ngr\u00c3\u00bc\u00c3\u009f")).toBe(true);
    expect(heard?.headers.filter((line) => /length|encoding|host/.test(line))).toEqual([
      `host: 127.0.0.1:${upstream.port}`,
      "accept-encoding: gzip, br, zstd, deflate",
      "content-length: 6",
    ]);
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["zstd", zstdCompressSync],
    ["identity", (bytes: Buffer) => bytes],
  ] as const)("is decoded from %s", async (encoding, encode) => {
    const body = Buffer.from("some text ".repeat(50));
    await using upstream = await openAnswering(encoded(encoding, encode(body)));
    await using egress = useEgress();
    const response = await egress.request(toRequest(upstream.origin));
    expect(toText(response)).toBe(body.toString());
    expect(response.headers["content-encoding"]).toBe(encoding === "identity" ? "identity" : undefined);
  });
});

describe("a body that is too large", () => {
  test.each([
    ["announces it", `${HEAD}content-length: ${MIB + 1}\r\n\r\n`],
    ["announces it in digits no number holds", `${HEAD}content-length: 9999999999999999\r\n\r\n`],
    ["sends it", `${HEAD}\r\n${"x".repeat(MIB + 1)}`],
    ["sends it in chunks", `${HEAD}transfer-encoding: chunked\r\n\r\n${`1000\r\n${"x".repeat(4096)}\r\n`.repeat(257)}`],
  ])("is refused when it %s", async (_how, bytes) => {
    await using upstream = await openAnswering(bytes);
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "TOO_LARGE", sent: true });
    expect(error.message).toMatch(/104857[67]/);
    await upstream.isQuiet();
  });

  test("is taken up to the last byte that is allowed", async () => {
    await using upstream = await openAnswering(answer("12345"));
    await using egress = useEgress();
    expect(toText(await egress.request(toRequest(upstream.origin, { maxBytes: 5 })))).toBe("12345");
    expect((await failure(egress.request(toRequest(upstream.origin, { maxBytes: 4 })))).code).toBe("TOO_LARGE");
  });

  test.each([
    ["without end", (socket: { write(text: string): boolean }) => socket.write("data: tick\n\n".repeat(1000))],
  ])("ends an endless stream of events %s", async (_name, write) => {
    await using upstream = await openUpstream((socket) => {
      socket.write(`${HEAD}content-type: text/event-stream\r\n\r\n`);
      const more = (): void => {
        while (!socket.destroyed && write(socket));
      };
      socket.on("drain", more);
      more();
    });
    await using egress = useEgress();
    expect(await failure(egress.request(toRequest(upstream.origin)))).toMatchObject({ code: "TOO_LARGE", sent: true });
    await upstream.isQuiet();
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotli],
    ["deflate", deflateSync],
    ["zstd", zstdCompressSync],
  ] as const)("is refused when it is a bomb in %s", async (encoding, encode) => {
    await using upstream = await openAnswering(encoded(encoding, encode(Buffer.alloc(64 * MIB))));
    await using egress = useEgress();
    const before = process.memoryUsage().arrayBuffers;
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "TOO_LARGE", sent: true });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MIB);
    await upstream.isQuiet();
  });

  test("is refused for its size decoded, where it expands like any text", async () => {
    const text = Array.from({ length: 3000 }, (_, index) => `line ${index} of a text`).join("\n");
    await using upstream = await openAnswering(encoded("gzip", gzipSync(text)));
    await using egress = useEgress();
    expect(toText(await egress.request(toRequest(upstream.origin, { maxBytes: text.length })))).toBe(text);
    const error = await failure(egress.request(toRequest(upstream.origin, { maxBytes: text.length - 1 })));
    expect(error.message).toContain(`more than ${text.length - 1} bytes decoded`);
  });

  test("is refused for its expansion alone, below the limit of bytes", async () => {
    await using upstream = await openAnswering(encoded("gzip", gzipSync(Buffer.alloc(MIB / 2))));
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error.code).toBe("TOO_LARGE");
    expect(error.message).toContain("200 times");
  });

  test("is taken when it does not compress and is as large as allowed", async () => {
    const body = randomBytes(MIB);
    await using upstream = await openAnswering(encoded("gzip", gzipSync(body)));
    await using egress = useEgress();
    const response = await egress.request(toRequest(upstream.origin));
    expect(Buffer.from(response.body).equals(body)).toBe(true);
  });
});

describe("an encoding that is not taken", () => {
  const once = gzipSync("text");
  test.each([
    ["gzip, gzip", gzipSync(once)],
    ["gzip,br", brotliCompressSync(once)],
    ["identity, gzip, deflate", deflateSync(once)],
    ["compress", once],
    ["gzip\r\ncontent-encoding: gzip", gzipSync(once)],
  ])("is refused: %j", async (encoding, body) => {
    await using upstream = await openAnswering(encoded(encoding, body));
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "BAD_RESPONSE", sent: true });
    await upstream.isQuiet();
  });

  test.each([
    ["is none", Buffer.from("plain text")],
    ["stops halfway", gzipSync(randomBytes(1000)).subarray(0, 500)],
  ])("is refused when what says gzip %s", async (_how, body) => {
    await using upstream = await openAnswering(encoded("gzip", body));
    await using egress = useEgress();
    expect((await failure(egress.request(toRequest(upstream.origin)))).code).toBe("BAD_RESPONSE");
    await upstream.isQuiet();
  });
});

describe("an encoded body", () => {
  test.each([
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("that ends before its answer does is no answer yet: %s", async (encoding, encode) => {
    const body = encode("whole");
    const { promise: rest, resolve } = Promise.withResolvers<() => void>();
    await using upstream = await openUpstream((socket) => {
      socket.write(`${HEAD}content-encoding: ${encoding}\r\ntransfer-encoding: chunked\r\n\r\n`);
      socket.write(Buffer.concat([Buffer.from(`${body.byteLength.toString(16)}\r\n`), body, Buffer.from("\r\n")]));
      resolve(() => socket.write("0\r\n\r\n"));
    });
    await using egress = useEgress();
    const asked = egress.request(toRequest(upstream.origin));
    const writeRest = await rest;
    await arrival();
    expect(egress.stats()).toMatchObject({ active: 1, idle: 0 });
    writeRest();
    expect(toText(await asked)).toBe("whole");
    expect(egress.stats()).toMatchObject({ active: 0, idle: 1 });
  });

  test.each([
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("that goes on after its end is refused, at once or later: %s", async (encoding, encode) => {
    const { promise: rest, resolve } = Promise.withResolvers<() => void>();
    await using upstream = await openUpstream((socket, { path }) => {
      socket.write(`${HEAD}content-encoding: ${encoding}\r\n\r\n`);
      if (path === "/once") socket.end(Buffer.concat([encode("whole"), Buffer.from("and more")]));
      else socket.write(Buffer.concat([encode("whole"), Buffer.from("and")]), () => resolve(() => socket.end(" more")));
    });
    await using egress = useEgress();
    const once = await failure(egress.request(toRequest(`${upstream.origin}/once`)));
    expect(once.code).toBe("BAD_RESPONSE");
    const later = failure(egress.request(toRequest(`${upstream.origin}/later`)));
    const writeRest = await rest;
    await arrival();
    expect(egress.stats().idle).toBe(0);
    writeRest();
    expect((await later).code).toBe("BAD_RESPONSE");
    await upstream.isQuiet();
  });

  test.each(["204 No Content", "304 Not Modified"])("that a %s cannot have is not asked for", async (status) => {
    await using upstream = await openAnswering(`HTTP/1.1 ${status}\r\ncontent-encoding: aws-chunked\r\n\r\n`);
    await using egress = useEgress();
    expect((await egress.request(toRequest(upstream.origin))).body).toHaveLength(0);
  });
});

describe("headers without measure", () => {
  test.each([
    ["one that is long", `x-long: ${"x".repeat(20_000)}\r\n`],
    ["many that are short", "x: y\r\n".repeat(10_000)],
    ["trailers", `transfer-encoding: chunked\r\n\r\n0\r\n${"x: y\r\n".repeat(10_000)}`],
  ])("are refused: %s", async (_name, lines) => {
    await using upstream = await openAnswering(`${HEAD}${lines}\r\n`);
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "TOO_LARGE", sent: true });
    expect(error.message).toContain("16384");
    await upstream.isQuiet();
  });

  test.each([
    ["a reason that never ends", "HTTP/1.1 200 ", "x".repeat(65_536)],
    ["a chunk's extension that never ends", `${HEAD}transfer-encoding: chunked\r\n\r\n1;`, "x".repeat(65_536)],
    ["interim answers that never end", "", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"],
  ])("are refused: %s", async (_name, first, rest) => {
    await using upstream = await openUpstream((socket) => {
      socket.write(first);
      const more = (): void => {
        while (!socket.destroyed && socket.write(rest));
      };
      socket.on("drain", more);
      more();
    });
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(["TOO_LARGE", "BAD_RESPONSE"]).toContain(error.code);
    await upstream.isQuiet();
  });
});

describe("interim answers", () => {
  const hints = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";

  test("are passed over, eight of them", async () => {
    await using upstream = await openAnswering(hints.repeat(8) + answer("final"));
    await using egress = useEgress();
    const response = await egress.request(toRequest(upstream.origin));
    expect(toText(response)).toBe("final");
    expect(response.headers["link"]).toBeUndefined();
  });

  test("are refused when there is a ninth", async () => {
    await using upstream = await openAnswering(hints.repeat(9) + answer("final"));
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "BAD_RESPONSE", sent: true });
    await upstream.isQuiet();
  });
});

describe("an answer that is none", () => {
  test.each([
    ["garbage", "this is not HTTP\r\n\r\n"],
    ["two lengths", `${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nab`],
    ["a length and chunks", `${HEAD}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["a length below zero", `${HEAD}content-length: -1\r\n\r\n`],
    ["chunks of a broken size", `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ["a header without a name", `${HEAD}: value\r\n\r\n`],
    ["a header over two lines", `${HEAD}x-a: 1\r\n 2\r\ncontent-length: 0\r\n\r\n`],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"],
    ["leave to go on, unasked", `HTTP/1.1 100 Continue\r\n\r\n${answer("late")}`],
  ])("is refused: %s", async (_name, bytes) => {
    await using upstream = await openAnswering(bytes);
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "BAD_RESPONSE", sent: true });
    await upstream.isQuiet();
  });

  test.each([
    ["before anything came", ""],
    ["within the headers", "HTTP/1.1 200 OK\r\ncontent-le"],
    ["before a body of known length ended", `${HEAD}content-length: 10\r\n\r\nhalf`],
    ["before the last chunk", `${HEAD}transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n`],
  ])("is lost when the connection closes %s", async (_when, bytes) => {
    await using upstream = await openUpstream((socket) => socket.end(bytes));
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "CONNECTION_LOST", sent: true });
    await upstream.isQuiet();
  });

  test("is lost when the connection is reset", async () => {
    await using upstream = await openUpstream((socket) => socket.resetAndDestroy());
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "CONNECTION_LOST", sent: true });
  });
});

describe("an upstream that takes its time", () => {
  test("is given up when it never answers", async () => {
    const clock = createManualClock();
    await using upstream = await openUpstream(() => {});
    await using egress = useEgress({ clock });
    const asked = failure(egress.request(toRequest(upstream.origin)));
    await upstream.hears(1);
    await clock.advance(29_999);
    expect(egress.stats().active).toBe(1);
    await clock.advance(1);
    expect(await asked).toMatchObject({
      code: "TIMEOUT",
      sent: true,
      message: "the exchange took longer than its 30000 ms",
    });
    await upstream.isQuiet();
    expect(clock.pending).toBe(0);
  });

  test("is given up when it sends a byte now and then for ever", async () => {
    const clock = createManualClock();
    const { promise: trickling, resolve: started } = Promise.withResolvers<(text: string) => void>();
    await using upstream = await openUpstream((socket) => {
      socket.write(`${HEAD}\r\n`);
      started((text) => socket.write(text));
    });
    await using egress = useEgress({ clock, idleMs: 2000 });
    const asked = failure(egress.request(toRequest(upstream.origin, { timeoutMs: 10_000 })));
    const write = await trickling;
    // A byte a second keeps a body from standing still, and the exchange from ever ending by itself.
    for (let second = 0; second < 10; second++) {
      write("x");
      await arrival();
      await clock.advance(1000);
    }
    expect(await asked).toMatchObject({ code: "TIMEOUT", sent: true });
    await upstream.isQuiet();
  });

  test("is given up when its body stands still", async () => {
    const clock = createManualClock();
    const { promise: written, resolve } = Promise.withResolvers<void>();
    await using upstream = await openUpstream((socket) => {
      socket.write(`${HEAD}content-length: 10\r\n\r\nhalf`, () => {
        resolve();
      });
    });
    await using egress = useEgress({ clock, idleMs: 2000 });
    const asked = failure(egress.request(toRequest(upstream.origin)));
    await written;
    await arrival();
    await clock.advance(2000);
    expect(await asked).toMatchObject({ code: "TIMEOUT", sent: true });
    expect((await asked).message).toContain("nothing for 2000 ms");
    await upstream.isQuiet();
  });

  test("is left at once when the request is cancelled", async () => {
    await using upstream = await openUpstream(() => {});
    await using egress = useEgress();
    const controller = new AbortController();
    const asked = failure(egress.request(toRequest(upstream.origin, { signal: controller.signal })));
    await upstream.hears(1);
    controller.abort(new Error("secret reason"));
    expect(await asked).toMatchObject({ code: "CANCELLED", sent: true, message: "the request was cancelled" });
    await upstream.isQuiet();
  });

  test("is not asked when the request was cancelled before", async () => {
    await using upstream = await openUpstream(() => {});
    await using egress = useEgress();
    const asked = failure(egress.request(toRequest(upstream.origin, { signal: AbortSignal.abort() })));
    expect(await asked).toMatchObject({ code: "CANCELLED", sent: false });
    expect(upstream.accepted).toBe(0);
  });
});

describe("an upstream that is not there", () => {
  test("accepts no connection", async () => {
    const upstream = await openUpstream(() => {});
    await upstream[Symbol.asyncDispose]();
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "CONNECT_FAILED", sent: false });
    expect(error.message).toBe(`${upstream.origin} accepts no connection (ECONNREFUSED)`);
  });

  test("closes every connection at once", async () => {
    await using upstream = await openUpstream(() => {}, { onConnect: (socket) => socket.destroy() });
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error.code).toBe("CONNECTION_LOST");
    expect(egress.stats().active).toBe(0);
  });
});

describe("what an answer asks for when it cannot be read", () => {
  test("is passed on: when to come back", async () => {
    await using upstream = await openAnswering(
      "HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 99999999\r\n\r\n",
    );
    await using egress = useEgress();
    const error = await failure(egress.request(toRequest(upstream.origin)));
    expect(error).toMatchObject({ code: "TOO_LARGE", sent: true, retryAfterMs: 7000 });
  });
});

/** Resolves when what was written on loopback before has been read: two turns of the loop of events and one of its own. */
async function arrival(): Promise<void> {
  await using echo = await openUpstream((socket) => socket.write(answer("")));
  await using egress = useEgress();
  for (let turn = 0; turn < 3; turn++) await egress.request(toRequest(echo.origin));
}
