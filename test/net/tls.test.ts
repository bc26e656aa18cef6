// TLS: the certificate is checked for the name that was asked for, and nothing is sent before it holds.
import { createServer, getCACertificates, setDefaultCACertificates, type Server, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { failure, toRequest, toText, useEgress } from "./ask.ts";
import { CERTIFICATE, KEY } from "./certificate.ts";
import { answer, openUpstream } from "./upstream.ts";

const resolve = async (): Promise<readonly string[]> => ["127.0.0.1"];

let server: Server;
let port: number;
const names: (string | false | null)[] = [];
const protocols: (string | false | null)[] = [];
const heard: string[] = [];
const open = new Set<TLSSocket>();

beforeAll(async () => {
  server = createServer({ key: KEY, cert: CERTIFICATE, ALPNProtocols: ["h2", "http/1.1"] }, (socket) => {
    open.add(socket);
    names.push(socket.servername);
    protocols.push(socket.alpnProtocol);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      heard.push(chunk.toString());
      socket.write(answer("over TLS"));
    });
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(async () => {
  for (const socket of open) socket.destroy();
  await new Promise<void>((done) => {
    server.close(() => {
      done();
    });
  });
});

/** Runs `work` in a process that trusts the test's certificate. */
async function trusting(work: () => Promise<void>): Promise<void> {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, CERTIFICATE]);
  try {
    await work();
  } finally {
    setDefaultCACertificates(before);
  }
}

describe("an upstream over TLS", () => {
  test("whose certificate nobody vouches for is sent nothing", async () => {
    await using egress = useEgress({ resolve });
    const error = await failure(egress.request(toRequest(`https://upstream.test:${port}/`)));
    expect(error).toMatchObject({ code: "TLS_FAILED", sent: false });
    expect(error.message).toBe(
      `https://upstream.test:${port} makes no TLS connection that holds (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    );
    expect(heard).toEqual([]);
  });

  test("is checked whatever the environment says", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    try {
      await using egress = useEgress({ resolve });
      const error = await failure(egress.request(toRequest(`https://upstream.test:${port}/`)));
      expect(error).toMatchObject({ code: "TLS_FAILED", sent: false });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("is asked over HTTP/1.1, for the name in the URL", async () => {
    await trusting(async () => {
      await using egress = useEgress({ resolve });
      names.length = 0;
      protocols.length = 0;
      for (let count = 0; count < 2; count++) {
        expect(toText(await egress.request(toRequest(`https://upstream.test:${port}/`)))).toBe("over TLS");
      }
      expect(toText(await egress.request(toRequest(`https://127.0.0.1:${port}/`)))).toBe("over TLS");
      expect(toText(await egress.request(toRequest(`https://upstream.test.:${port}/`)))).toBe("over TLS");
      expect(names).toEqual(["upstream.test", false, "upstream.test"]);
      expect(protocols).toEqual(["http/1.1", "http/1.1", "http/1.1"]);
      expect(heard.at(-1)).toContain(`host: upstream.test.:${port}`);
    });
  });

  test("with a certificate for another name is sent nothing", async () => {
    await trusting(async () => {
      heard.length = 0;
      await using egress = useEgress({ resolve });
      const error = await failure(egress.request(toRequest(`https://other.test:${port}/`)));
      expect(error).toMatchObject({ code: "TLS_FAILED", sent: false });
      expect(error.message).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
      expect(heard).toEqual([]);
    });
  });

  test("that speaks plainly is no such upstream", async () => {
    await using plain = await openUpstream((socket) => socket.write(answer("plain")), {
      onConnect: (socket) => socket.write(answer("plain")),
    });
    await using egress = useEgress({ resolve });
    const error = await failure(egress.request(toRequest(`https://127.0.0.1:${plain.port}/`)));
    expect(error).toMatchObject({ code: "TLS_FAILED", sent: false });
    await plain.isQuiet();
    expect(plain.heard).toEqual([]);
  });

  test("that closes, or says nothing, is given up", async () => {
    await using closing = await openUpstream(() => {}, { onConnect: (socket) => socket.end() });
    await using silent = await openUpstream(() => {});
    await using egress = useEgress({ resolve });
    const closed = await failure(egress.request(toRequest(`https://127.0.0.1:${closing.port}/`)));
    expect(closed).toMatchObject({ code: "TLS_FAILED", sent: false });
    const slow = await failure(egress.request(toRequest(`https://127.0.0.1:${silent.port}/`, { timeoutMs: 50 })));
    expect(slow).toMatchObject({ code: "TIMEOUT", sent: false });
    await silent.isQuiet();
  });

  test("that expects TLS is not asked in the clear", async () => {
    await using egress = useEgress({ resolve });
    const error = await failure(egress.request(toRequest(`http://upstream.test:${port}/`)));
    expect(["BAD_RESPONSE", "CONNECTION_LOST"]).toContain(error.code);
  });
});
