import { describe, expect, it } from "vitest";
import { createHosts } from "./hosts.ts";

const none = { allowedHosts: [], corsOrigins: [], publicUrl: null };

describe("hosts", () => {
  it("are those that are listened at, with the port", () => {
    const hosts = createHosts(none, "10.0.0.7", 8321);
    expect(["10.0.0.7:8321", "localhost:8321", "LocalHost:8321", "[::1]:8321"].map(hosts.isHost)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([undefined, "", "localhost", "localhost:8322", "10.0.0.7", "evil.example:8321"].map(hosts.isHost)).toEqual(
      Array.from({ length: 6 }, () => false),
    );
  });

  it("need no port where it is the one that nobody writes", () => {
    expect(createHosts(none, "127.0.0.1", 80).isHost("localhost")).toBe(true);
  });

  it("are also what the world calls the server, as proxies write it", () => {
    const hosts = createHosts({ ...none, publicUrl: "https://tools.example/base" }, "0.0.0.0", 8321);
    expect(["tools.example", "tools.example:443", "tools.example:80"].map(hosts.isHost)).toEqual([true, true, false]);
    expect(hosts.originOf("https://tools.example")).toBe("own");
    expect(hosts.originOf("http://tools.example")).toBe("refused");
  });

  it("write an address of IPv6 in brackets", () => {
    expect(createHosts(none, "fd00::7", 8321).isHost("[fd00::7]:8321")).toBe(true);
  });
});

describe("origins", () => {
  it("are compared to the letter, and no text is a pattern", () => {
    const hosts = createHosts({ ...none, corsOrigins: ["https://a.example"] }, "127.0.0.1", 8321);
    expect(hosts.originOf(undefined)).toBe("none");
    expect(hosts.originOf("https://a.example")).toBe("allowed");
    expect(
      ["*", "null", "https://a.example:8443", "https://A.example", "https://a.example/"].map(hosts.originOf),
    ).toEqual(Array.from({ length: 5 }, () => "refused"));
  });
});
