import { expect, test } from "vitest";
import { DEFAULT_CONCURRENCY, DEFAULT_LIMITS } from "../../quota/index.ts";
import { CONFIG_DEFAULTS } from "./config-defaults.ts";
import { toConfigJsonSchema } from "./config-json-schema.ts";
import { CODE_KEYS, CONFIG_SCHEMA } from "./config-schema.ts";
import { toEgressSettings, toIdentitySettings, toServerSettings } from "./server-settings.ts";
import { toMeta, toOptions, toStep } from "../problems/index.ts";

const shape = toStep(toOptions(CONFIG_SCHEMA)[0]!).shape!;

test("the defaults that are the registry's are the registry's", () => {
  expect(toMeta(shape["concurrency"]!, "fallback")).toBe(
    DEFAULT_CONCURRENCY.map(({ max, per }) => `${max} per ${per.join(" and ")}`).join(", "),
  );
  expect(DEFAULT_LIMITS).toEqual([{ name: "default", per: ["principal"], ...CONFIG_DEFAULTS.defaultQuota }]);
});

test("pins the defaults of the original specification", () => {
  expect(CONFIG_DEFAULTS).toEqual({
    defaultRole: "USER",
    authentication: true,
    defaultQuota: { capacity: 100, windowMs: 3_600_000 },
    timeoutMs: 30_000,
    retries: 3,
    metricsRetentionMs: 86_400_000,
  });
});

test("pins the defaults of the server", () => {
  const settings = toServerSettings({});
  expect(settings).toEqual({
    host: "127.0.0.1",
    port: 8321,
    admin: null,
    publicUrl: null,
    allowedHosts: [],
    corsOrigins: [],
    trustedProxies: [],
    bodyBytes: 1_048_576,
    headerBytes: 16_384,
    jsonDepth: 64,
    requestTimeoutMs: 30_000,
    headersTimeoutMs: 10_000,
    keepAliveTimeoutMs: 5_000,
    maxConnections: 1_000,
    ipLimit: { capacity: 6_000, windowMs: 60_000 },
    shedding: { eventLoopDelayMs: 100 },
    drain: { lameDuckMs: 1_000, graceMs: 10_000 },
    openapi: true,
    docs: true,
  });
  expect(Object.isFrozen(settings) && Object.isFrozen(settings.drain) && Object.isFrozen(settings.ipLimit)).toBe(true);
  expect(toIdentitySettings({})).toEqual({ anonymous: false, issuers: [], cacheSize: 10_000 });
  expect(toEgressSettings({})).toEqual({ allowPrivate: false, secrets: new Map() });
});

test("fills in what a part of an object leaves out", () => {
  const settings = toServerSettings({
    server: { adminPort: 9000, ipLimit: { capacity: 5 }, shedding: false, drain: { graceMs: 0 } },
  });
  expect(settings).toMatchObject({
    admin: { host: "127.0.0.1", port: 9000 },
    ipLimit: { capacity: 5, windowMs: 60_000 },
    shedding: false,
    drain: { lameDuckMs: 1_000, graceMs: 0 },
  });
  expect(
    toEgressSettings({ egress: { secrets: { "vault:a": ["https://a.example"] } } }).secrets.get("vault:a"),
  ).toEqual(["https://a.example"]);
});

test("pins the defaults of an issuer, whose audience is the server's URL", () => {
  const publicUrl = "https://tools.example.com";
  const issuer = { issuer: "https://id.example.com" };
  const settings = toIdentitySettings({ server: { publicUrl }, identity: { issuers: [issuer] } });
  expect(settings.issuers).toEqual([
    {
      issuer: "https://id.example.com",
      audience: [publicUrl],
      jwksUri: null,
      algorithms: ["EdDSA", "Ed25519", "ES256", "ES384", "PS256", "RS256"],
      types: ["at+jwt", "JWT"],
      clockSkewMs: 30_000,
      allowPrivate: false,
      claims: { principal: "/sub", tenant: null, tenants: null, roles: null, scopes: "/scope", rules: [] },
    },
  ]);
  const rules = [{ when: { "/groups": "support" }, roles: ["SUPPORT"] }];
  const ruled = toIdentitySettings({ identity: { issuers: [{ ...issuer, audience: "a", claims: { rules } }] } });
  expect(ruled.issuers[0]?.audience).toEqual(["a"]);
  expect(ruled.issuers[0]?.claims.rules).toEqual([
    { when: { "/groups": ["support"] }, roles: ["SUPPORT"], scopes: [], tenant: null },
  ]);
});

test("settings of what was never checked are refused with their path", () => {
  expect(() => toServerSettings({ server: { port: -1 } })).toThrow(
    "server.port: received -1, expected an integer from 0 to 65,535",
  );
});

test("the JSON Schema knows what a file may hold, and nothing of ours besides", () => {
  const schema = toConfigJsonSchema();
  const known = Object.keys(schema["properties"] as object);
  expect(known.toSorted()).toEqual(
    Object.keys(shape)
      .filter((key) => !CODE_KEYS.includes(key))
      .toSorted(),
  );
  const text = JSON.stringify(schema);
  expect(text).not.toMatch(/"(?:accepts|fallback|reload|place|open|secret)":(?!\{)/);
  expect(schema).toMatchObject({
    additionalProperties: false,
    properties: { server: { properties: { port: { type: "integer", minimum: 0, maximum: 65_535, default: 8321 } } } },
  });
});
