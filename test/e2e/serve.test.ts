// `toolyard serve` as a person starts it: a process, its words, a call, its end.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { send } from "../server/world.ts";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;
const INDEX = new URL("../../src/index.ts", import.meta.url).pathname;
const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "toolyard-serve-"));
  folders.push(folder);
  return folder;
}

interface Served {
  readonly child: ChildProcess;
  readonly ready: { readonly url: string; readonly key: string | null; readonly tools: number };
  readonly ended: Promise<number | null>;
  err(): string;
}

async function serve(cwd: string, ...args: readonly string[]): Promise<Served> {
  const { TOOLYARD_DATA_DIR: _none, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, "serve", "--json", "--port", "0", ...args], { cwd, env });
  children.push(child);
  let out = "";
  let err = "";
  child.stderr.on("data", (chunk) => (err += String(chunk)));
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const ready = await new Promise<Served["ready"]>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
      if (out.startsWith('{"event"') && out.includes("\n")) resolve(JSON.parse(out.slice(0, out.indexOf("\n"))));
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${err}${out}`)));
  });
  return { child, ready, ended, err: () => err };
}

test("serves examples over a state of its own, and shows the first key once", async () => {
  const folder = await makeFolder();
  const first = await serve(folder);
  expect(first.ready.tools).toBeGreaterThan(4);
  const headers = { authorization: `Bearer ${first.ready.key}` };
  const { status, json } = await send(first.ready.url, "POST", "/v1/tools/text.stats/calls", {
    headers,
    body: { text: "Hello, tools" },
  });
  expect([status, json.output.words]).toEqual([200, 2]);
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);

  const second = await serve(folder);
  expect(second.ready.key).toBeNull();
  expect((await send(second.ready.url, "GET", "/v1/me", { headers })).json.id).toBe("admin");
  const { json: trail } = await send(second.ready.url, "GET", "/v1/audit?tool=text.stats", { headers });
  expect(trail.records.length).toBeGreaterThan(0);
  second.child.kill("SIGINT");
  expect(await second.ended).toBe(0);
});

test("serves the project here, and reads its configuration again when told to", async () => {
  const folder = await makeFolder();
  const config = join(folder, "toolyard.config.ts");
  const write = (anonymous: boolean): Promise<void> =>
    writeFile(
      config,
      `import { defineTool, Role } from ${JSON.stringify(INDEX)};
       export default {
         identity: { anonymous: ${anonymous} },
         tools: [defineTool({ name: "own.hello", version: "1.0.0", description: "Greets.", effect: "read",
           access: { roles: [Role.GUEST] }, input: { type: "object" }, handler: () => "hello" })],
       };`,
    );
  await write(false);
  const { child, ready, err } = await serve(folder);
  const call = () => send(ready.url, "POST", "/v1/tools/own.hello/calls", { body: {} });
  expect((await call()).status).toBe(401);
  await write(true);
  child.kill("SIGHUP");
  while (!err().includes("identity")) await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await call()).json.output).toBe("hello");
  await writeFile(config, "export default { identity: { anonymus: true } };");
  child.kill("SIGHUP");
  while (!err().includes("anonymous?")) await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await call()).status).toBe(200);
  expect(err()).toContain("nothing was changed");
});

test("says what is wrong with its configuration, and starts nothing", async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, "toolyard.config.yaml"), "server:\n  prot: 9999\n");
  await expect(serve(folder)).rejects.toThrow(/ended with 2: .*port/s);
});

test("says that the port is taken, and leaves nothing open", async () => {
  const folder = await makeFolder();
  const { ready } = await serve(folder);
  const other = await makeFolder();
  await expect(serve(other, "--port", new URL(ready.url).port)).rejects.toThrow(/EADDRINUSE|in use/);
});

test("starts anew when a tool changes, with --watch", async () => {
  const folder = await makeFolder();
  const config = join(folder, "toolyard.config.mjs");
  const write = (word: string): Promise<void> =>
    writeFile(
      config,
      `export default { identity: { anonymous: true }, server: { port: 0 }, tools: [] , roles: { ${word}: {} } };`,
    );
  await write("FIRST");
  const child = spawn(process.execPath, [MAIN, "serve", "--json", "--watch"], { cwd: folder });
  children.push(child);
  let out = "";
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  const starts = (): number => out.split('"event":"ready"').length - 1;
  while (starts() < 1) await new Promise((resolve) => setTimeout(resolve, 50));
  await write("SECOND");
  while (starts() < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGTERM");
  await once(child, "exit");
  expect(await readFile(config, "utf8")).toContain("SECOND");
  expect(starts()).toBe(2);
});
