import { expect, test } from "vitest";
import { defineTool } from "../../index.ts";
import { RELOADABLE } from "./config-keys.ts";
import { diffConfig } from "./diff-config.ts";

const toTool = (version: string) =>
  defineTool({ name: "a.b", version, description: "A.", handler: () => version.length });

test("tells what differs, defaults included, and what takes a restart", () => {
  expect(
    diffConfig(
      { server: { port: 1, corsOrigins: ["https://a.example"] }, roles: { A: {} } },
      { server: { corsOrigins: [], ipLimit: false }, roles: { A: {}, B: {} }, retries: 3 },
    ),
  ).toEqual([
    { path: "roles", before: { A: {} }, after: { A: {}, B: {} }, restart: false },
    { path: "server.port", before: 1, after: 8321, restart: true },
    { path: "server.corsOrigins", before: ["https://a.example"], after: [], restart: false },
    { path: "server.ipLimit", before: null, after: false, restart: false },
    { path: "server.ipLimit.capacity", before: 6_000, after: null, restart: false },
    { path: "server.ipLimit.windowMs", before: 60_000, after: null, restart: false },
  ]);
});

test("a module that was read anew with the same text is the same", () => {
  const make = () => ({ tools: [toTool("1.0.0")], app: new Map(), hooks: { onSettled() {} } }) as never;
  expect(diffConfig(make(), make())).toEqual([]);
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  expect(diffConfig({ app: circle } as never, { app: { self: circle } } as never)).toEqual([]);
});

test("shows no code and no secret", () => {
  const before = { tools: [toTool("1.0.0")], authorizer: () => true } as never;
  const after = {
    tools: [toTool("2.0.0")],
    authorizer: () => false,
    app: { password: "hunter2" },
    httpTools: [
      { auth: { kind: "bearer", token: "hunter2" }, headers: { "x-api-key": "vault:key" }, url: "https://a:hunter2@b" },
    ],
    egress: { secrets: { "vault:api_token": ["https://a.example"] } },
  } as never;
  const found = diffConfig(before, after);
  expect(JSON.stringify(found)).not.toContain("hunter2");
  expect(Object.fromEntries(found.map(({ path, after: next }) => [path, next]))).toEqual({
    tools: ["a.b@2.0.0"],
    app: "[object]",
    authorizer: "[function]",
    httpTools: [
      { auth: { kind: "bearer", token: "[hidden]" }, headers: { "x-api-key": "vault:key" }, url: "https://b" },
    ],
    "egress.secrets": { "vault:api_token": ["https://a.example"] },
  });
});

test("pins what applies while the process runs", () => {
  expect(RELOADABLE).toEqual([
    ...["roles", "grants", "principals", "limits", "quotaOverrides"],
    ...["server.allowedHosts", "server.corsOrigins", "server.ipLimit", "server.shedding"],
    ...["identity", "egress", "httpTools"],
  ]);
});
