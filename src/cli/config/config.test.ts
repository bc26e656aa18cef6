import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryIo, type MemoryIo, type MemoryIoOptions } from "../../../test/cli/memory-io.ts";
import { createFolder, createProjectFolder, type ProjectFolder } from "../../../test/cli/project-folder.ts";
import { runCli } from "../program.ts";

let folder: ProjectFolder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

async function run(
  line: readonly string[],
  options: MemoryIoOptions = {},
): Promise<MemoryIo & { readonly code: number }> {
  const io = createMemoryIo({ cwd: folder.path, ...options });
  return Object.assign(io, { code: await runCli(line, io, "1.2.3") });
}

async function values(options: MemoryIoOptions, ...more: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const { code, out } = await run(["config", "print", "--json", ...more], options);
  expect(code).toBe(0);
  const printed = JSON.parse(out) as { values: { path: string; value: unknown; origin: string }[] };
  return new Map(printed.values.map(({ path, value, origin }) => [path, [value, origin]]));
}

test("print shows every value with where it came from", async () => {
  folder.write("toolyard.config.yaml", "server: { host: 0.0.0.0 }\nstate: { masterKey: 'env:KEY' }\n");
  const printed = await values({ env: { TOOLYARD_SERVER_PORT: "9000" } }, "--data", "elsewhere");
  expect(printed.get("server.host")).toEqual(["0.0.0.0", "file"]);
  expect(printed.get("server.port")).toEqual([9000, "environment"]);
  expect(printed.get("server.jsonDepth")).toEqual([64, "default"]);
  expect(printed.get("state.dir")).toEqual([`${folder.path}/elsewhere`, "flag"]);
  expect(printed.get("state.masterKey")).toEqual(["env:KEY", "file"]);
  const text = await run(["config", "print"], { env: { TOOLYARD_SERVER_PORT: "9000" }, columns: 120 });
  expect(text.out).toMatch(/server\.port\s+\S?\s*9000\s+\S?\s*environment/);
});

test("print shows neither code nor secrets", async () => {
  using project = createProjectFolder(
    'app: { password: "hunter2" }, authorizer: () => true, principals: [{ id: "a", attributes: { apiKey: "hunter2" } }],',
  );
  const printed = await values({ cwd: project.path });
  expect(printed.get("tools")).toEqual([
    ["math.add@1.0.0", "text.evil@1.0.0", "slow.count@1.0.0", "admin.wipe@1.0.0"],
    "file",
  ]);
  expect(printed.get("authorizer")).toEqual(["[function]", "file"]);
  expect(JSON.stringify([...printed])).not.toMatch(/hunter2|=>/);
});

test("check is quiet about what is right, and tells everything that is wrong", async () => {
  folder.write("toolyard.config.yaml", "retries: 1\n");
  const right = await run(["config", "check"]);
  expect([right.code, right.out]).toEqual([0, expect.stringContaining("nothing is wrong, 1 values are given.")]);
  folder.write("toolyard.config.yaml", "retrys: 1\ntimeoutMs: 0\n");
  const wrong = await run(["config", "check"], { env: { TOOLYARD_SERVER_PORT: "high" } });
  expect([wrong.code, wrong.out]).toEqual([2, ""]);
  expect(wrong.err).toContain("retrys (line 1, column 1): is not a known key; did you mean retries?");
  expect(wrong.err).toContain("timeoutMs (line 2, column 1): received 0");
  expect(wrong.err).toContain('server.port (TOOLYARD_SERVER_PORT): received "high"');
  const data = await run(["config", "check", "--json"]);
  expect(JSON.parse(data.out)).toMatchObject({ error: { code: "INVALID_CONFIG", problems: [{}, {}] } });
});

test("schema prints what a file may say", async () => {
  const { code, out } = await run(["config", "schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    type: "object",
    additionalProperties: false,
    properties: { server: { properties: { port: { default: 8321 } } } },
  });
});

test("other commands work under the environment too", async () => {
  using project = createProjectFolder();
  const line = ["call", "slow.count", "--json"];
  const allowed = await run(line, { cwd: project.path });
  const refused = await run(line, { cwd: project.path, env: { TOOLYARD_TIMEOUT_MS: "never" } });
  expect([allowed.code, refused.code]).toEqual([0, 2]);
  expect(refused.out).toContain("timeoutMs (TOOLYARD_TIMEOUT_MS): received");
});
