import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ToolyardError } from "../../index.ts";
import { loadConfig } from "./load-config.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "toolyard-config-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function failure(path: string): Promise<string> {
  const error: unknown = await loadConfig(path, folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ToolyardError);
  expect((error as ToolyardError).code).toBe("INVALID_CONFIG");
  return (error as ToolyardError).message;
}

test("finds the configuration of the nearest folder above", async () => {
  const file = write("project/toolyard.config.mjs", "export default { timeoutMs: 5 };");
  mkdirSync(join(folder, "project/deep/er"), { recursive: true });
  expect(await loadConfig(undefined, join(folder, "project/deep/er"))).toEqual({ config: { timeoutMs: 5 }, file });
});

test("prefers TypeScript where there are several", async () => {
  write("several/toolyard.config.mjs", "export default { timeoutMs: 1 };");
  const file = write("several/toolyard.config.ts", "const ms: number = 2;\nexport default { timeoutMs: ms };");
  expect((await loadConfig(undefined, join(folder, "several")))?.file).toBe(file);
});

test("answers null where there is none", async () => {
  expect(await loadConfig(undefined, join(folder))).toBeNull();
});

test("says which file is missing, is a folder, or is no module", async () => {
  expect(await failure("nothing.ts")).toMatch(/nothing\.ts: there is no such file/);
  write("inside/toolyard.config.mjs", "export default {};");
  expect(await failure("inside")).toMatch(
    /is a folder, expected a file; did you mean .*inside.toolyard\.config\.mjs\?/,
  );
  write("config.toml", "");
  expect(await failure("config.toml")).toMatch(
    /received the extension "\.toml", expected \.ts, \.mts, \.js, \.mjs, \.yaml, \.yml, \.json/,
  );
});

test("says what is exported instead of a default", async () => {
  write("named.mjs", "export const config = {};");
  expect(await failure("named.mjs")).toMatch(/received the exports config, expected a default export/);
  write("empty.mjs", "");
  expect(await failure("empty.mjs")).toMatch(/received no export/);
});

test("lists every problem with its path", async () => {
  write("wrong.mjs", "export default { timeoutMs: -1, tool: [] };");
  expect(await failure("wrong.mjs")).toMatch(
    /\n {2}tool: is not a known key; did you mean tools\?\n {2}timeoutMs: received -1/,
  );
});

test("keeps what was thrown as the cause", async () => {
  write("throws.mjs", 'throw new TypeError("boom");');
  const error = (await loadConfig("throws.mjs", folder).catch((reason: unknown) => reason)) as ToolyardError;
  expect(error.cause).toBeInstanceOf(TypeError);
  expect(error.message).toMatch(/TypeError: boom/);
});

test.each([
  ["yaml", "timeoutMs: 5\nserver:\n  port: 9000\n"],
  ["yml", "# in short\n{ timeoutMs: 5, server: { port: 9000 } }\n"],
  ["json", '{ "timeoutMs": 5, "server": { "port": 9000 } }'],
])("reads a file of %s", async (extension, text) => {
  const file = write(`data-${extension}/toolyard.config.${extension}`, text);
  const config = { timeoutMs: 5, server: { port: 9000 } };
  expect(await loadConfig(undefined, join(file, ".."))).toEqual({ config, file });
});

test("a file of comments alone says nothing", async () => {
  const file = write("empty.yaml", "# nothing yet\n");
  expect(await loadConfig("empty.yaml", folder)).toEqual({ config: {}, file });
});

test("says where in a file of data each mistake is", async () => {
  write("wrong.yaml", "timeoutMs: 0\nserver:\n  porrt: 1\n");
  const message = await failure("wrong.yaml");
  expect(message).toContain("server.porrt (line 3, column 3): is not a known key; did you mean port?");
  expect(message).toContain("timeoutMs (line 1, column 1): received 0, expected an integer from 1 to 86,400,000");
  write("twice.yaml", "timeoutMs: 1\ntimeoutMs: 2\n");
  expect(await failure("twice.yaml")).toMatch(/\n {2}line 2, column 1: has the key "timeoutMs" twice$/);
  write("list.yaml", "- 1\n");
  expect(await failure("list.yaml")).toContain("received an array of 1, expected");
});

test("says that code cannot be data, and where it goes", async () => {
  write("code.yaml", "tools: []\nhooks: {}\n");
  const message = await failure("code.yaml");
  expect(message).toContain(
    "tools (line 1, column 1): is code, which code.yaml cannot hold; write it in a toolyard.config.ts, or describe tools over HTTP under `httpTools`",
  );
  expect(message).toContain("hooks (line 2, column 1): is code");
});
