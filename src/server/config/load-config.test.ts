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
  write("config.json", "{}");
  expect(await failure("config.json")).toMatch(/received the extension "\.json", expected \.ts, /);
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
