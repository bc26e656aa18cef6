import { expect, test } from "vitest";
import { defineTool } from "../../index.ts";
import { checkConfig } from "./check-config.ts";

const tool = defineTool({ name: "a.b", version: "1.0.0", description: "A.", handler: () => 1 });
const paths = (value: unknown): readonly string[] => checkConfig(value).map(({ path }) => path);

test("accepts every key with a sound value", () => {
  const config = {
    tools: [tool],
    app: { anything: true },
    roles: { AUDITOR: { inherits: ["GUEST"] } },
    defaultRole: "AUDITOR",
    grants: [{ tools: ["a.*"], roles: ["AUDITOR"] }],
    authorizer: () => true,
    authentication: false,
    defaultQuota: { capacity: 5, windowMs: 1_000 },
    limits: [{ per: ["tenant"], capacity: 1_000, windowMs: 60_000 }],
    concurrency: [{ per: ["principal"], max: 4 }],
    timeoutMs: 1_000,
    metricsRetentionMs: 60_000,
    hooks: [{ onSettled() {} }],
    audit: { path: "audit.jsonl", arguments: "full", redact: { keys: ["a"], hmac: { paths: ["b.*"] } } },
  };
  expect(checkConfig(config)).toEqual([]);
  expect(checkConfig({})).toEqual([]);
  expect(checkConfig({ defaultQuota: false })).toEqual([]);
});

test("reports everything at once: unknown keys, wrong values, and what the registry refuses", () => {
  const problems = checkConfig({
    timeoutMS: 5,
    timeoutMs: 0,
    authentication: "yes",
    audit: { path: "", argments: "none" },
    grants: [{ tools: ["a.b"], roles: ["NOBODY"] }],
  });
  expect(problems.map(({ path }) => path)).toEqual([
    "audit.argments",
    "timeoutMS",
    "authentication",
    "timeoutMs",
    "audit.path",
    expect.stringContaining("grants[0]"),
  ]);
});

test("says what is wrong with rules of redaction", () => {
  const problems = checkConfig({ audit: { path: "a", redact: { keys: "a", hmac: { path: [] } } } });
  expect(problems.map(({ path, message }) => `${path} ${message}`)).toEqual([
    "audit.redact.hmac.path is not a known key; did you mean paths?",
    'audit.redact.keys received "a", expected an array of texts',
  ]);
});

test("names the nearest key and value", () => {
  const [unknown, wrong] = checkConfig({ audits: {}, audit: { path: "a", arguments: "redact" } });
  expect(unknown?.message).toBe("is not a known key; did you mean audit?");
  expect(wrong?.message).toBe('received "redact", expected "none", "redacted", "full"; did you mean "redacted"?');
});

test("says what was received and what is accepted", () => {
  expect(checkConfig({ timeoutMs: 0 })[0]?.message).toBe("received 0, expected an integer from 1 to 86,400,000");
  expect(checkConfig({ tools: tool })[0]?.message).toBe("received an object, expected an array of tools");
  expect(checkConfig({ defaultQuota: { capacity: 0 } })).toEqual([
    { path: "defaultQuota.capacity", message: "received 0, expected a number over 0" },
    { path: "defaultQuota.windowMs", message: "is missing; expected a number over 0" },
  ]);
});

test("refuses what is no configuration: a promise, a function, an array, a class", () => {
  for (const value of [Promise.resolve({}), () => ({}), [], new Map(), null, 5])
    expect(paths(value)).toEqual(["default export"]);
});

test("reports every problem of every tool", () => {
  const bad = defineTool({ name: "a b", version: "one", description: "", handler: () => 1 });
  expect(checkConfig({ tools: [bad, tool] }).length).toBeGreaterThanOrEqual(3);
});
