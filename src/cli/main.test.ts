import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { createProjectFolder } from "../../test/cli/project-folder.ts";

// The executable as a user runs it. Each process takes a third of a second, so what can be tested without one is tested
// in `program.test.ts`.
vi.setConfig({ testTimeout: 60_000 });
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const folder = createProjectFolder();
afterAll(() => {
  folder[Symbol.dispose]();
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(line: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = start(line, environment);
  const [out, err] = [read(child.stdout), read(child.stderr)];
  child.stdin.end();
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: await out, err: await err };
}

function start(line: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { OPENAI_API_KEY: _key, NO_COLOR: _color, FORCE_COLOR: _force, ...env } = process.env;
  return spawn(process.execPath, [MAIN, ...line], { cwd: folder.path, env: { ...env, ...environment } });
}

async function read(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

test("runs the guided example: every claim holds", async () => {
  const { code, out, err } = await run(["demo"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/\n\d+ claims checked, all hold\.\n/);
  expect(out).not.toContain("\u001b");
  for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
});

test("says where a configuration in TypeScript cannot be read", async () => {
  folder.write("syntax.ts", "const a: number = 1;\nexport default { b: a as };\n");
  const { code, err } = await run(["tools", "--config", "syntax.ts"]);
  expect(code).toBe(2);
  expect(err).toMatch(/syntax\.ts: cannot be read at syntax\.ts:2: Unexpected token/);
  expect(err).not.toMatch(/node:internal/);
});

test("says where a configuration throws", async () => {
  folder.write("throws.ts", "const a: number = 1;\nthrow new RangeError(`boom ${a}`);\n");
  const { code, err } = await run(["tools", "--config", "throws.ts"]);
  expect(code).toBe(2);
  expect(err).toMatch(/throws\.ts: threw at throws\.ts:2:7: RangeError: boom 1\n/);
});

test("says what is missing for a real model", async () => {
  const { code, err } = await run(["chat", "--use-openai"]);
  expect(code).toBe(2);
  expect(err).toMatch(/needs a key in the environment variable OPENAI_API_KEY/);
});

test("is quiet when nobody reads its output any more", async () => {
  // Long enough that it notices while it is still writing.
  const child = start(["demo"]);
  child.stdout.destroy();
  const err = read(child.stderr);
  await once(child, "close");
  expect(await err).toBe("");
});

test("is cancelled by an interrupt, and says so with its exit code", async () => {
  folder.write(
    "hang.mjs",
    `import config from "./toolyard.config.mjs";
     const [tool] = config.tools;
     const handler = () => { process.stderr.write("started"); return new Promise(() => {}); };
     export default { tools: [{ ...tool, definition: { ...tool.definition, handler } }] };`,
  );
  const child = start(["call", "math.add", '{"a":1,"b":2}', "--config", "hang.mjs"]);
  const out = read(child.stdout);
  await once(child.stderr, "data");
  child.kill("SIGINT");
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(130);
  expect(await out).toMatch(/^CANCELLED/);
});
