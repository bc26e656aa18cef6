import { expect, test } from "vitest";
import { toRegistryOptions } from "./to-registry-options.ts";

test("gives a registry the defaults of a configuration", () => {
  expect(toRegistryOptions({})).toEqual({
    defaultRole: "USER",
    requirePrincipal: true,
    retry: { repeats: 3 },
    limits: [{ name: "default", per: ["principal"], capacity: 100, windowMs: 3_600_000 }],
    timeoutMs: 30_000,
    metering: { retentionMs: 86_400_000 },
  });
});

test("hands on what was configured", () => {
  const app = {};
  const limit = { per: ["tenant"], capacity: 1, windowMs: 1 } as const;
  const hooks = { onSettled() {} };
  const same = {
    app,
    tools: [],
    roles: { A: {} },
    grants: [],
    concurrency: [],
    hooks,
    authorizer: () => true,
    defaultRole: "A",
    timeoutMs: 5,
  };
  expect(
    toRegistryOptions({
      ...same,
      authentication: false,
      defaultQuota: { capacity: 2, windowMs: 3 },
      limits: [limit],
      metricsRetentionMs: 60_000,
    }),
  ).toEqual({
    ...same,
    requirePrincipal: false,
    retry: { repeats: 3 },
    limits: [limit, { name: "default", per: ["principal"], capacity: 2, windowMs: 3 }],
    metering: { retentionMs: 60_000 },
  });
});

test("has no default quota where it was taken out, and no audit", () => {
  const options = toRegistryOptions({ defaultQuota: false, audit: { path: "a" } });
  expect(options.limits).toEqual([]);
  expect(options).not.toHaveProperty("audit");
});
