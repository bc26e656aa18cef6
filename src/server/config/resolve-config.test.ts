import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ToolyardError } from "../../index.ts";
import { resolveConfig, type ResolveConfigOptions } from "./resolve-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolyard-resolve-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const resolveIn = (more: Partial<ResolveConfigOptions> = {}) => resolveConfig({ from: folder, env: {}, ...more });

async function failure(more: Partial<ResolveConfigOptions>): Promise<readonly string[]> {
  const error: unknown = await resolveIn(more).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ToolyardError);
  return (error as ToolyardError).problems.map(({ path, message }) => `${path}: ${message}`);
}

test("flags are over the environment, that over the file, and that over the defaults", async () => {
  const file = join(folder, "toolyard.config.yaml");
  writeFileSync(file, "timeoutMs: 1\nretries: 1\nserver: { port: 1, host: localhost, docs: false }\n");
  const resolved = await resolveIn({
    env: { TOOLYARD_SERVER_PORT: "2", TOOLYARD_RETRIES: "2", TOOLYARD_SERVER_IP_LIMIT_CAPACITY: "5" },
    overrides: { "server.port": 3, "server.host": undefined },
  });
  expect(resolved.file).toBe(file);
  expect(resolved.config).toEqual({
    timeoutMs: 1,
    retries: 2,
    server: { port: 3, host: "localhost", docs: false, ipLimit: { capacity: 5 } },
  });
  const origin = (path: string): string | undefined => resolved.origins.get(path);
  expect(["server.port", "retries", "timeoutMs", "server.host", "server.docs"].map(origin)).toEqual([
    ...["flag", "environment", "file", "file", "file"],
  ]);
  expect(["server.ipLimit.capacity", "server.ipLimit.windowMs", "server.openapi", "defaultRole"].map(origin)).toEqual([
    ...["environment", "default", "default", "default"],
  ]);
  expect(origin("state")).toBeUndefined();
});

test("without a file it is what the environment says", async () => {
  const resolved = await resolveIn({ env: { TOOLYARD_DATA_DIR: "data" } });
  expect(resolved).toMatchObject({ config: { state: { dir: join(folder, "data") } }, file: null });
});

test("does not change what the file exports", async () => {
  writeFileSync(
    join(folder, "toolyard.config.mjs"),
    "export default Object.freeze({ server: Object.freeze({ port: 1 }) });",
  );
  expect((await resolveIn({ env: { TOOLYARD_SERVER_PORT: "2" } })).config).toEqual({ server: { port: 2 } });
  expect((await resolveIn()).config).toEqual({ server: { port: 1 } });
});

test("tells each problem with where it came from", async () => {
  writeFileSync(join(folder, "toolyard.config.yaml"), "retries: 99\ntools: []\n");
  expect(
    await failure({
      env: { TOOLYARD_SERVER_PORT: "high", TOOLYARD_SERVER_PROT: "1" },
      overrides: { timeoutMs: 0 },
    }),
  ).toEqual([
    expect.stringContaining("tools (line 2, column 1): is code"),
    "TOOLYARD_SERVER_PROT: is not a known variable; did you mean TOOLYARD_SERVER_PORT?",
    "timeoutMs (flag): received 0, expected an integer from 1 to 86,400,000",
    "retries (line 1, column 1): received 99, expected an integer from 0 to 10",
    'server.port (TOOLYARD_SERVER_PORT): received "high", expected an integer from 0 to 65,535',
  ]);
});

test("a text that cannot be read is all there is to say", async () => {
  writeFileSync(join(folder, "toolyard.config.yaml"), "a: [1\n");
  const problems = await failure({});
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) expect(problem).toMatch(/^line \d+, column \d+: /);
});

test("an issuer needs an audience, its own or the server's, and is there once", async () => {
  const issuer = { issuer: "https://id.example.com" };
  expect(await failure({ overrides: { identity: { issuers: [issuer, { ...issuer, audience: "a" }] } } })).toEqual([
    "identity.issuers[0].audience (flag): is missing; expected a text, or `server.publicUrl` in its place",
    "identity.issuers[1].issuer (flag): is there twice; expected each issuer once",
  ]);
  const overrides = { "server.publicUrl": "https://t.example.com", "identity.issuers": [issuer] };
  expect((await resolveIn({ overrides })).config.identity?.issuers).toEqual([issuer]);
});

test.each([
  ["server.publicUrl", "https://T.example.com/"],
  ["server.publicUrl", "https://t.example.com?a=1"],
  ["server.publicUrl", "ftp://t.example.com"],
  ["server.allowedHosts", ["*"]],
  ["server.allowedHosts", ["https://a.example"]],
  ["server.corsOrigins", ["*"]],
  ["server.corsOrigins", ["https://a.example/"]],
  ["server.trustedProxies", ["10.0.0.0/33"]],
  ["server.trustedProxies", ["300.0.0.1"]],
  ["server.adminHost", "127.0.0.1"],
  ["identity.issuers", [{ issuer: "http://id.example.com", audience: "a" }]],
  ["identity.issuers", [{ issuer: "https://id.example.com", audience: "a", algorithms: ["HS256"] }]],
  ["identity.issuers", [{ issuer: "https://id.example.com", audience: "a", algorithms: [] }]],
  ["identity.issuers", [{ issuer: "https://id.example.com", audience: "a", claims: { roles: "roles" } }]],
  ["egress.allowPrivate", ["everything"]],
  ["egress.secrets", { "vault:a": ["https://a.example/path"] }],
  ["httpTools", ["x"]],
])("refuses %s of %j", async (path, value) => {
  const [problem] = await failure({ overrides: { [path]: value } });
  expect(problem).toMatch(new RegExp(`^${path.replaceAll(".", "\\.")}.*(?:expected|needs) `));
});

test("does not repeat a secret that stands where its reference belongs", async () => {
  const problems = await failure({
    overrides: {
      egress: { secrets: { hunter2hunter2: ["https://a.example"] } },
      state: { pepper: "hunter2hunter2", postgres: { url: "postgres://me:hunter2hunter2@db/x" } },
    },
  });
  expect(problems.length).toBe(3);
  expect(problems.join("\n")).not.toContain("hunter2");
});
