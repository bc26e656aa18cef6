import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createMemoryIo } from "../../../test/cli/memory-io.ts";
import { openModel } from "./open-model.ts";
import { runCli } from "../program.ts";

// The official client and mathjs take seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

interface Asked {
  readonly authorization: string | undefined;
  readonly body: {
    model: string;
    messages: { role: string; content: string }[];
    tools: { function: { name: string } }[];
  };
}

// A server that speaks OpenAI's format: it calls the calculator, then says what the tool answered.
const asked: Asked[] = [];
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  server.close();
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked["body"];
  asked.push({ authorization: request.headers.authorization, body });
  if (body.model === "broken") {
    response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"no such model"}}');
    return;
  }
  const last = body.messages.at(-1);
  const call = {
    index: 0,
    id: "c1",
    type: "function",
    function: { name: "calculator", arguments: '{"expression":"6*7"}' },
  };
  const deltas =
    last?.role === "tool" ? [{ content: "The tool " }, { content: `says ${last.content}` }] : [{ tool_calls: [call] }];
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const delta of deltas)
    response.write(toLine({ choices: [{ index: 0, delta: { role: "assistant", ...delta } }] }));
  response.write(
    toLine({ choices: [{ index: 0, delta: {}, finish_reason: last?.role === "tool" ? "stop" : "tool_calls" }] }),
  );
  response.end("data: [DONE]\n\n");
}

function toLine(chunk: object): string {
  return `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", created: 1, model: "m", ...chunk })}\n\n`;
}

const env = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  OPENAI_API_KEY: "sk-test",
  OPENAI_BASE_URL: url,
  ...more,
});

test("chats through the official client with a server of OpenAI's format", async () => {
  const io = createMemoryIo({ stdin: "What is 6 * 7?\n/quit\n", env: env() });
  expect(await runCli(["demo", "--interactive", "--use-openai"], io, "0.0.0")).toBe(0);
  expect(io.out).toMatch(/→ calculator \{"expression":"6\*7"\}/);
  expect(io.out).toMatch(/✓ calculator /);
  expect(io.out).toMatch(/The tool says .*42/);
  expect(asked.at(-1)?.authorization).toBe("Bearer sk-test");
  expect(asked.at(-1)?.body.model).toBe("gpt-5.4-mini");
  expect(asked.at(-1)?.body.tools.map((tool) => tool.function.name)).toContain("notes_add");
});

test("tells what the API refused, and goes on", async () => {
  const io = createMemoryIo({ stdin: "hello\n/quit\n", env: env() });
  expect(await runCli(["demo", "--interactive", "--use-openai", "--model", "broken"], io, "0.0.0")).toBe(1);
  expect(io.out).toMatch(/no such model/);
  expect(io.out).not.toMatch(/sk-test/);
});

test("runs the guided example with a real model: what it claims of the model does not depend on what it says", async () => {
  const io = createMemoryIo({ env: env() });
  // On a clock that stands, nobody would notice the tool that hangs.
  const moving = { ...io, clock: (await import("../../kernel/clock.ts")).systemClock };
  expect(await runCli(["demo", "--use-openai", "--json"], moving, "0.0.0")).toBe(0);
  expect(JSON.parse(io.out)).toMatchObject({ ok: true });
});

test.each([
  ["openai:gpt-5.4-mini", "OPENAI_API_KEY"],
  ["openai-responses:gpt-5.4-mini", "OPENAI_API_KEY"],
  ["anthropic:claude", "ANTHROPIC_API_KEY"],
  ["gemini:flash", "GEMINI_API_KEY or GOOGLE_API_KEY"],
])("says which key %s needs", async (model, key) => {
  const io = createMemoryIo();
  expect(await runCli(["chat", "--model", model], io, "0.0.0")).toBe(2);
  expect(io.err).toContain(`needs a key in the environment variable ${key}; --model offline needs none`);
});

test("says what a URL looks like", async () => {
  for (const bad of ["localhost", "file:///etc/passwd"]) {
    await expect(
      openModel(createMemoryIo({ env: env({ OPENAI_BASE_URL: bad }) }), { provider: "openai", name: "m" }),
    ).rejects.toThrow(`OPENAI_BASE_URL: received "${bad}", expected a URL`);
  }
});

test.each(["openai", "openai-responses", "anthropic", "gemini"] as const)("opens a model of %s", async (provider) => {
  const keys = { ANTHROPIC_API_KEY: "k", GEMINI_API_KEY: "k" };
  const model = await openModel(createMemoryIo({ env: env(keys) }), { provider, name: "some:name" });
  expect(model.name).toBe("some:name");
});
