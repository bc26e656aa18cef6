// A honeypot on loopback must see no connection, however its address is written, and whatever names resolve to. What is
// refused here is refused by default, before anything is dialled.
import { describe, expect, test } from "vitest";
import type { EgressCode, Resolver } from "../../src/net/index.ts";
import { failure, POOL, useEgress } from "./ask.ts";
import { answer, openUpstream } from "./upstream.ts";

// `PORT` stands for the honeypot's.
const ADDRESSES: readonly string[] = [
  // Loopback, plainly and in the forms that old parsers take.
  ...["http://127.0.0.1:PORT/", "http://127.0.0.1:PORT", "HTTP://127.0.0.1:PORT/", "hTtP://127.0.0.1:PORT/"],
  ...["http://127.1:PORT/", "http://127.0.1:PORT/", "http://127.000.000.001:PORT/"],
  ...["http://0177.0.0.1:PORT/", "http://0177.0.0.01:PORT/", "http://017700000001:PORT/", "http://0177.1:PORT/"],
  ...["http://0x7f.0.0.1:PORT/", "http://0x7f.0x0.0x0.0x1:PORT/", "http://0x7f000001:PORT/", "http://0X7F000001:PORT/"],
  ...["http://0x7f.1:PORT/", "http://2130706433:PORT/", "http://127.0.0.1.:PORT/", "http://0x7f000001.:PORT/"],
  ...["http://127.255.255.254:PORT/", "http://127.0.0.53:PORT/", "http://127.0.1.1:PORT/", "http://127.1.1.1:PORT/"],
  // Any address of this machine.
  ...["http://0:PORT/", "http://0.0.0.0:PORT/", "http://0.0:PORT/", "http://00:PORT/", "http://0x0:PORT/"],
  ...["http://0.0.0.1:PORT/", "http://[::]:PORT/", "http://[0:0:0:0:0:0:0:0]:PORT/", "http://[::0]:PORT/"],
  // Loopback over IPv6, and IPv4 inside of it.
  ...[
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[0000:0000::0001]:PORT/",
    "http://[::0001]:PORT/",
  ],
  ...["http://[::127.0.0.1]:PORT/", "http://[::7f00:1]:PORT/", "http://[::ffff:127.0.0.1]:PORT/"],
  ...["http://[::ffff:7f00:1]:PORT/", "http://[::FFFF:7F00:0001]:PORT/", "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/"],
  ...["http://[::ffff:0:127.0.0.1]:PORT/", "http://[64:ff9b::127.0.0.1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/"],
  ...["http://[64:ff9b:1::7f00:1]:PORT/", "http://[2002:7f00:1::]:PORT/", "http://[2002:7f00:0001::1]:PORT/"],
  ...["http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:PORT/", "http://[::ffff:0x7f.0.0.1]:PORT/"],
  ...["http://[fe80::1]:PORT/", "http://[fe80::1%25lo]:PORT/", "http://[fec0::1]:PORT/", "http://[::1%25lo]:PORT/"],
  // Characters that become others: full width, circled, ideographic stops, soft hyphens, encoded.
  ...["http://１２７.０.０.１:PORT/", "http://①②⑦.⓪.⓪.①:PORT/", "http://127。0。0。1:PORT/", "http://127｡0｡0｡1:PORT/"],
  ...[
    "http://127．0．0．1:PORT/",
    "http://1\u00AD27.0.0.1:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://127%2E0%2E0%2E1:PORT/",
  ],
  ...[
    "http://%30x7f000001:PORT/",
    "http://0x7ｆ000001:PORT/",
    "http://ⅼocalhost:PORT/",
    "http://ｌｏｃａｌｈｏｓｔ:PORT/",
  ],
  // What parsers drop or rewrite.
  ...["http://\t127.0.0.1:PORT/", "ht\ntp://127.0.0.1:PORT/", " http://127.0.0.1:PORT/", "http://127.0.0.1:PORT/ "],
  ...["http:\\\\127.0.0.1:PORT\\", "http:/\\127.0.0.1:PORT/", "http:127.0.0.1:PORT", "http:/127.0.0.1:PORT/"],
  ...["http:///127.0.0.1:PORT/", "http:////127.0.0.1:PORT/", "//127.0.0.1:PORT/", "127.0.0.1:PORT", "/etc/passwd"],
  ...[
    "http://127.0.0.1\u0000.example.com:PORT/",
    "http://example.com\r\nHost: 127.0.0.1:PORT/",
    "\u0000http://127.0.0.1:PORT/",
  ],
  // A host that is not where it seems to be.
  ...["http://example.com@127.0.0.1:PORT/", "http://example.com:80@127.0.0.1:PORT/", "http://@127.0.0.1:PORT/"],
  ...["http://user:password@127.0.0.1:PORT/", "http://:@127.0.0.1:PORT/", "http://127.0.0.1:PORT\\@example.com/"],
  ...["http://example.com%40127.0.0.1:PORT/", "http://example.com\\@127.0.0.1:PORT/", "http:@127.0.0.1:PORT/"],
  // Other networks of one's own, and where clouds give out credentials.
  ...["http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/", "http://100.64.0.1/"],
  ...["http://169.254.169.254/latest/meta-data/", "http://0xa9fea9fe/", "http://2852039166/", "http://169.254.43518/"],
  ...["http://0251.0376.0251.0376/", "http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/"],
  ...["http://[fd00:ec2::254]/", "http://[fd20:ce::254]/", "http://168.63.129.16/", "http://100.100.100.200/"],
  ...["http://192.0.0.192/", "http://[100:0:0:1::1]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/"],
  ...["http://169.254.170.2/v2/credentials", "http://[fe80::a9fe:a9fe]/", "http://[fc00::1]/", "http://[fdff::1]/"],
  // Addresses of nobody and of many.
  ...["http://224.0.0.1/", "http://239.255.255.250:1900/", "http://255.255.255.255/", "http://240.0.0.1/"],
  ...["http://198.18.0.1/", "http://192.0.2.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://192.88.99.1/"],
  ...["http://[ff02::1]/", "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[2001:20::1]/", "http://[2001:2::1]/"],
  ...["http://[4000::1]/", "http://[5f00::1]/", "http://[8000::1]/", "http://[100::1]/", "http://[1::]/"],
  // No web address at all.
  ...["file:///etc/passwd", "ftp://127.0.0.1:PORT/", "gopher://127.0.0.1:PORT/_GET", "ws://127.0.0.1:PORT/"],
  ...["wss://127.0.0.1:PORT/", "data:text/plain,hello", "javascript:alert(1)", "blob:http://127.0.0.1:PORT/1"],
  ...["unix:/var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "dict://127.0.0.1:PORT/", "about:blank"],
  ...["http://", "https://", "http://:PORT/", "http://[::1", "http://[]:PORT/", "http://127.0.0.1:0/", ""],
  ...["http://127.0.0.1:65536/", "http://127.0.0.1:-1/", "http://127.0.0.1:PORTx/", "http://256.256.256.256:PORT/"],
];

/** Names that resolve to loopback or to another network of one's own, as somebody's name server would say. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ["127.0.0.1", "::1"],
  "localhost.": ["127.0.0.1"],
  LOCALHOST: ["127.0.0.1"],
  "api.localhost": ["::1"],
  "localhost.localdomain": ["127.0.0.1"],
  "ip6-localhost": ["::1"],
  "loopback.example.com": ["127.0.0.1"],
  "127.0.0.1.nip.example": ["127.0.0.1"],
  "0x7f000001.example.com": ["127.0.0.1"],
  "mapped.example.com": ["::ffff:127.0.0.1"],
  "compatible.example.com": ["::127.0.0.1"],
  "translated.example.com": ["64:ff9b::7f00:1"],
  "any.example.com": ["0.0.0.0"],
  "any6.example.com": ["::"],
  "mixed.example.com": ["93.184.216.34", "127.0.0.1"],
  "mixed-last.example.com": ["2606:2800:220:1::1", "93.184.216.34", "::1"],
  "metadata.google.internal": ["169.254.169.254"],
  "intranet.example.com": ["10.1.2.3"],
  "zone.example.com": ["fe80::1%lo"],
  "octal.example.com": ["0177.0.0.1"],
  "short.example.com": ["127.1"],
  "number.example.com": ["2130706433"],
  "nothing.example.com": [],
  "a-name.example.com": ["localhost"],
};

const REFUSALS: ReadonlySet<EgressCode> = new Set(["REFUSED_URL", "REFUSED_ADDRESS", "RESOLVE_FAILED"]);

const resolve: Resolver = async (hostname) => {
  const name = Object.keys(NAMES).find((known) => known.toLowerCase() === hostname);
  if (name === undefined) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  return NAMES[name] ?? [];
};

describe("by default", () => {
  test(`a honeypot on loopback sees no connection for ${ADDRESSES.length} URLs`, async () => {
    await using honeypot = await openUpstream((socket) => socket.end(answer("caught")), { host: "0.0.0.0" });
    await using egress = useEgress({ resolve });
    const taken: string[] = [];
    for (const text of ADDRESSES) {
      const url = text.replace("PORT", String(honeypot.port));
      for (const candidate of [url, url.replace(/^http:/, "https:")]) {
        const { code, sent } = await failure(egress.request({ method: "GET", url: candidate, pool: POOL }));
        if (!REFUSALS.has(code) || sent) taken.push(`${candidate}: ${code}`);
      }
    }
    expect(taken).toEqual([]);
    expect(honeypot.accepted).toBe(0);
  });

  test(`a honeypot on loopback sees no connection for ${Object.keys(NAMES).length} names`, async () => {
    await using honeypot = await openUpstream((socket) => socket.end(answer("caught")), { host: "0.0.0.0" });
    await using egress = useEgress({ resolve });
    const taken: string[] = [];
    for (const name of Object.keys(NAMES)) {
      const url = `http://${name}:${honeypot.port}/`;
      const { code, sent } = await failure(egress.request({ method: "GET", url, pool: POOL }));
      if ((code !== "REFUSED_ADDRESS" && code !== "RESOLVE_FAILED") || sent) taken.push(`${name}: ${code}`);
    }
    expect(taken).toEqual([]);
    expect(honeypot.accepted).toBe(0);
  });

  test("the honeypot would see one that is permitted", async () => {
    await using honeypot = await openUpstream((socket) => socket.end(answer("caught")), { host: "0.0.0.0" });
    await using egress = useEgress({ resolve });
    const pool = POOL;
    const url = `http://0x7f.1:${honeypot.port}/`;
    expect((await egress.request({ method: "GET", url, pool, allowPrivate: true })).url).toBe(
      `http://127.0.0.1:${honeypot.port}/`,
    );
    expect(honeypot.accepted).toBe(1);
  });

  test("no message repeats a password, a query or a whole URL", async () => {
    await using egress = useEgress({ resolve });
    const secrets = [
      "http://user:canary@127.0.0.1/",
      "http://127.0.0.1/?key=canary",
      "http://intranet.example.com/canary?key=canary#canary",
      "canary://host/",
      "http://host\\canary@x/",
      "http://unknown.example.com/canary",
    ];
    for (const url of secrets.filter((text) => !text.startsWith("canary"))) {
      const error = await failure(egress.request({ method: "GET", url, pool: POOL }));
      expect(`${error.message}${JSON.stringify(error)}`).not.toContain("canary");
      expect(error.cause).toBeUndefined();
    }
  });
});

describe("with an operator's permission", () => {
  test.each([
    ["http://169.254.169.254/", true],
    ["http://169.254.169.254/", ["169.254.0.0/16", "0.0.0.0/0"]],
    ["http://168.63.129.16/", ["168.0.0.0/8"]],
    ["http://100.100.100.200/", true],
    ["http://[fd00:ec2::254]/", true],
    ["http://[fd00:ec2::254]/", ["fc00::/7", "::/0"]],
    ["http://169.254.1.1/", true],
    ["http://[::ffff:127.0.0.1]/", true],
    ["http://[::ffff:127.0.0.1]/", ["127.0.0.0/8"]],
    ["http://0.0.0.0/", true],
    ["http://224.0.0.1/", true],
    ["http://10.0.0.1/", ["10.1.0.0/16"]],
    ["http://127.0.0.1/", ["::1/128"]],
  ])("%s stays refused with %j", async (url, allowPrivate) => {
    await using egress = useEgress();
    const error = await failure(egress.request({ method: "GET", url, pool: POOL, allowPrivate }));
    expect(error).toMatchObject({ code: "REFUSED_ADDRESS", sent: false });
  });

  test.each(["10.0.0.1", "10.0.0.0/33", "10.0.0.0/-1", "10/8", "0x0a.0.0.0/8", "localhost/8", "", "::1/129", "a/b/c"])(
    "that is no CIDR is refused: %j",
    async (cidr) => {
      await using egress = useEgress();
      const asked = egress.request({ method: "GET", url: "http://127.0.0.1/", pool: POOL, allowPrivate: [cidr] });
      expect((await failure(asked)).message).toContain("expected a CIDR");
    },
  );
});
