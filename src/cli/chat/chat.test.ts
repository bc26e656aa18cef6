import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createMemoryIo, type MemoryIo } from "../../../test/cli/memory-io.ts";
import type { Model } from "../../agent/index.ts";
import { createRegistry, defineTool, type Registry, ToolyardError } from "../../index.ts";
import type { ManualClock } from "../../testing/manual-clock.ts";
import { createOutput } from "../output/index.ts";
import { runChat } from "./chat.ts";

const base = { version: "1.0.0", description: "A tool.", effect: "read" } as const;

function createTools(): Registry<never> {
  return createRegistry({
    tools: [
      defineTool({ ...base, name: "open.one", access: { roles: ["GUEST"] }, handler: () => "one\u001b[2J" }),
      defineTool({ ...base, name: "own.two", access: { roles: ["USER"] }, handler: () => "two" }),
      defineTool({ ...base, name: "open.hang", access: { roles: ["GUEST"] }, handler: () => new Promise(() => {}) }),
    ],
  });
}

/** Calls the tool that the user names, then says what it was told, and how much it remembers. */
const parrot: Model = {
  name: "parrot",
  async *respond({ messages }) {
    const last = messages.at(-1);
    if (last?.role === "user") yield { type: "call", id: `c${messages.length}`, tool: last.text, input: {} };
    if (last?.role === "tool")
      yield { type: "text", text: `heard ${last.results[0]?.text ?? ""} (${messages.length})` };
  },
};

async function chat(
  lines: readonly string[],
  json = false,
  roles = ["USER"],
): Promise<MemoryIo & { readonly code: number }> {
  const io = createMemoryIo({ stdin: `${lines.join("\n")}\n` });
  const code = await start(io, json, roles);
  return Object.assign(io, { code });
}

function start(io: MemoryIo, json = false, roles = ["USER"]): Promise<number> {
  const output = createOutput(io, json);
  return runChat({ io, output, registry: createTools(), model: parrot, roles: [], principal: { id: "p", roles } });
}

test("shows each line, its calls and the answer, and ends with the input", async () => {
  const { code, out } = await chat(["open.one", "", "own.two"]);
  expect(code).toBe(0);
  expect(out).toMatch(/you › open\.one\n {2}→ open\.one \{\}\n {2}✓ open\.one [\d.]+m?s {2}"one.*\n {2}heard/);
  expect(out).toMatch(/✓ own\.two/);
});

test("lets no tool steer the terminal", async () => {
  const { out } = await chat(["open.one"]);
  expect(out).not.toContain("\u001b");
});

test("goes on as another role, which sees other tools and remembers nothing", async () => {
  const { out } = await chat([
    "open.one",
    "open.one",
    "/as guest",
    "open.one",
    "own.two",
    "/as nobody",
    "/as",
    "/tools",
  ]);
  // Three messages in a first turn, seven in a second, three again as somebody else.
  expect(out.match(/\((\d)\)/g)).toEqual(["(3)", "(7)", "(3)", "(7)"]);
  expect(out).toMatch(/You are now GUEST, and may use 2 tools\./);
  expect(out).toMatch(/✗ own\.two .*UNKNOWN_TOOL/);
  expect(out).toMatch(/no role "nobody"; accepted: ADMIN, USER, GUEST/);
  expect(out).toMatch(/You are p, GUEST\./);
  expect(out.slice(out.indexOf("/tools"))).toMatch(/open\.one/);
  expect(out.slice(out.indexOf("/tools"))).not.toMatch(/own\.two/);
});

test("prints the report, the help, and what a mistyped command was meant to be", async () => {
  const { out } = await chat(["/usage", "own.two", "/usage", "/help", "/usag", "/xyzzy"]);
  expect(out).toMatch(/Nothing has been called yet/);
  expect(out).toMatch(/Tool: own\.two\nTotal calls: 1\nSuccess rate: 100\.00%/);
  for (const command of ["/tools", "/usage", "/as <role>", "/help", "/quit"]) expect(out).toContain(`  ${command} `);
  expect(out).toMatch(/There is no \/usag; did you mean \/usage\?/);
  expect(out).toMatch(/There is no \/xyzzy; \/help lists the commands/);
});

test("leaves at /quit, whatever follows", async () => {
  const { code, out } = await chat(["/quit", "open.one"]);
  expect([code, out]).toEqual([0, "you › /quit\n"]);
});

test("prints a document per line with --json", async () => {
  const { out } = await chat(["own.two", "/tools", "/as guest", "/usage", "/help"], true);
  const documents = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(documents.map((document) => Object.keys(document)[0])).toEqual(["text", "tools", "note", "usage", "commands"]);
  expect(documents[0]).toMatchObject({
    result: { stopped: "answered", calls: [{ tool: "own.two", outcome: { output: "two" } }] },
  });
});

test("cancels the running turn at the first interrupt and goes on", async () => {
  const { io, type, ended } = typeInto();
  type("open.hang\n");
  await io.wrote("→ open.hang");
  io.interrupt();
  await io.wrote("CANCELLED");
  type("own.two\n/quit\n");
  expect(await ended).toBe(0);
  expect(io.out).toMatch(/✓ own\.two/);
});

test("leaves at the second interrupt, with the exit code of an interrupted program", async () => {
  const { io, ended } = typeInto();
  io.interrupt();
  expect(io.err).toMatch(/Ctrl-C again or \/quit to leave/);
  io.interrupt();
  expect(await ended).toBe(130);
});

test("leaves at the interrupt after the one that cancelled a turn", async () => {
  const { io, type, ended } = typeInto();
  type("open.hang\n");
  await io.wrote("→ open.hang");
  io.interrupt();
  await io.wrote("CANCELLED");
  io.interrupt();
  expect(await ended).toBe(130);
});

test("an interrupt long ago is not the first of two", async () => {
  const { io, type, ended } = typeInto();
  io.interrupt();
  type("own.two\n");
  await io.wrote("heard");
  io.interrupt();
  type("/quit\n");
  expect(await ended).toBe(0);
});

/** A chat whose input stays open. */
function typeInto() {
  const stdin = new PassThrough();
  const io = createMemoryIo({ stdin });
  return { io, type: (text: string) => void stdin.write(text), ended: start(io) };
}

/** A tool that reads and one that writes, and a model that calls both at once when it is told `go`. */
function openShop() {
  const done: string[] = [];
  const { promise: looked, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    done.push("look");
    resolve();
  };
  const registry: Registry<never> = createRegistry({
    tools: [
      defineTool({ ...base, name: "shop.look", access: { roles: ["USER"] }, handler: look }),
      defineTool({
        ...base,
        name: "shop.buy",
        effect: "write",
        input: { type: "object", properties: { what: { type: "string" } } },
        access: { roles: ["USER"] },
        handler: (given) => void done.push(`buy ${JSON.stringify(given)}`),
      }),
    ],
  });
  const shopper: Model = {
    name: "shopper",
    async *respond({ messages }) {
      const last = messages.at(-1);
      if (last?.role === "tool")
        yield { type: "text", text: `heard ${last.results.map(({ text }) => text).join(" ")}` };
      if (last?.role !== "user") return;
      const input = { what: `a\u001b[2J${"long ".repeat(40)}name` };
      for (const n of last.text.split(" ").keys()) {
        yield { type: "call", id: `l${messages.length}${n}`, tool: "shop.look", input: {} };
        yield { type: "call", id: `b${messages.length}${n}`, tool: "shop.buy", input };
      }
    },
  };
  return { done, looked, registry, shopper };
}

/** A chat with a person at a terminal. */
function sitDown({ yes = false, json = false, terminal = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY: terminal });
  const io = createMemoryIo({ stdin, terminal, env: { NO_COLOR: "1" } });
  const { done, looked, registry, shopper } = openShop();
  const output = createOutput(io, json);
  const principal = { id: "p", roles: ["USER"] };
  const ended = runChat({ io, output, registry, model: shopper, roles: [], principal, yes });
  return { io, done, looked, ended, type: (text: string) => void stdin.write(text), leave: () => void stdin.end() };
}

test("asks a person before a tool changes something, with all that will be done", async () => {
  const { io, done, looked, type, ended } = sitDown();
  type("go\r");
  await io.wrote("run it?");
  expect(io.out).toMatch(/\? shop\.buy \(write\) .*(?:long ){40}name/);
  expect(io.out).not.toContain("a\u001b[2J");
  type("what\r");
  await io.wrote("y: this once");
  // What does not have to be asked about is done, and told when the line is free again.
  await looked;
  expect(done).toEqual(["look"]);
  expect(io.out).not.toContain("✓ shop.look");
  type("y\r");
  await io.wrote("heard");
  type("/quit\r");
  expect(await ended).toBe(0);
  expect(done).toHaveLength(2);
});

test("tells the model that a person said no, and asks again the next time", async () => {
  const { io, done, type, ended } = sitDown();
  type("go go\r");
  await io.wrote("run it?");
  type("n\r");
  await io.wrote("run it?", 2);
  type("NO\r");
  await io.wrote("The user did not approve this call");
  type("/quit\r");
  await ended;
  expect(done).toEqual(["look", "look"]);
});

test("does not ask again about a tool that a person always allows", async () => {
  const { io, done, type, ended } = sitDown();
  type("go go\r");
  await io.wrote("run it?");
  type("always\r");
  await io.wrote("heard");
  type("go\r");
  await io.wrote("heard", 2);
  type("/quit\r");
  await ended;
  expect(done.filter((what) => what.startsWith("buy"))).toHaveLength(3);
});

test.each([
  ["Ctrl-C", ({ io }: ReturnType<typeof sitDown>) => io.interrupt()],
  ["the end of the input", ({ leave }: ReturnType<typeof sitDown>) => leave()],
])("takes %s for a no", async (_what, answer) => {
  const chatting = sitDown();
  chatting.type("go\r");
  await chatting.io.wrote("run it?");
  answer(chatting);
  await chatting.io.wrote("✗ shop.buy");
  chatting.leave();
  expect(await chatting.ended).toBe(0);
  expect(chatting.done.filter((what) => what !== "look")).toEqual([]);
});

test.each([
  ["--yes", { yes: true }],
  ["--json", { json: true }],
  ["lines from a pipe", { terminal: false }],
])("asks nobody with %s", async (_what, options) => {
  const { io, done, type, leave, ended } = sitDown(options);
  type("go\n");
  leave();
  expect(await ended).toBe(0);
  expect(io.out).not.toContain("run it?");
  expect(done).toHaveLength(2);
});

test("says that a failing model is asked again, and forgets what it had begun to say", async () => {
  const io = createMemoryIo({ stdin: "hi\n" });
  let asked = 0;
  const flaky: Model = {
    name: "flaky",
    async *respond() {
      yield { type: "text", text: asked++ === 0 ? "Hel" : "Hello." };
      if (asked === 1) throw new ToolyardError("MODEL_FAILED", "Its API is busy.", { retryable: true });
    },
  };
  const output = createOutput(io, false);
  const ended = runChat({ io, output, registry: createTools(), model: flaky, roles: [], principal: { id: "p" } });
  await io.wrote("Asking again");
  await (io.clock as ManualClock).advance(500);
  expect(await ended).toBe(0);
  expect(io.out).toMatch(
    /you › hi\n {2}Its API is busy\. Asking again in [\d.]+m?s, from the beginning\.\n {2}Hello\.\n/,
  );
});
