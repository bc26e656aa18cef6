// The double of OpenAI's API, through the official client: what it refuses and in which words, what it lets pass, and that
// the client reads what it answers. A double that takes everything proves nothing.
import OpenAI, { APIError } from "openai";
import { describe, expect, test } from "vitest";
import { ACCEPTED } from "./openai-api/accepted-requests.ts";
import { HARD_REPLIES } from "./openai-api/hard-replies.ts";
import {
  answer,
  type Format,
  type Json,
  chatTool,
  chat,
  chatTools,
  output,
  input,
  NO_NAMESPACE,
} from "./openai-api/parts.ts";
import { REFUSED_CONVERSATIONS } from "./openai-api/refused-conversations.ts";
import { REFUSED_SHAPES } from "./openai-api/refused-shapes.ts";
import { REFUSED_TOOLS } from "./openai-api/refused-tools.ts";
import type { Reply } from "./openai-replies.ts";
import { API_KEY, type OpenAiServer, openOpenAiServer } from "./openai-server.ts";

/** What a 400 says, as the client gives it. */
interface Refusal {
  readonly status: number | undefined;
  readonly message: string;
  readonly param: unknown;
  readonly code: unknown;
  readonly type: unknown;
}

function createClient(server: OpenAiServer): OpenAI {
  return new OpenAI({ baseURL: server.baseURL, apiKey: API_KEY, maxRetries: 0 });
}

/** Sends a body that the client's types would not let through. */
async function send(client: OpenAI, format: Format, body: Json): Promise<Refusal | null> {
  const whole = { model: "m", ...body };
  try {
    if (format === "chat") await client.chat.completions.create(whole as never);
    else await client.responses.create(whole as never);
    return null;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const { status, message, param, code, type } = error;
    return { status, message: message.replace(/^\d+ /, ""), param, code, type };
  }
}

describe("the double refuses", () => {
  test.each([...REFUSED_SHAPES, ...REFUSED_TOOLS, ...REFUSED_CONVERSATIONS])(
    "%s (%s)",
    async (_rule, format, body, text, param) => {
      await using server = await openOpenAiServer([{ text: "ok" }]);
      const refusal = await send(createClient(server), format, body);
      expect(refusal?.message).toMatch(text);
      expect(refusal).toMatchObject({ status: 400, param, type: "invalid_request_error" });
      expect(server.refusals).toEqual([refusal?.message]);
    },
  );

  test("long descriptions in Chat, where a gateway does", async () => {
    const body = chatTools(chatTool("x", { description: "x".repeat(1025) }));
    await using open = await openOpenAiServer([{ text: "ok" }]);
    expect(await send(createClient(open), "chat", body)).toBeNull();
    await using gateway = await openOpenAiServer([{ text: "ok" }], { maxDescription: 1024 });
    expect(await send(createClient(gateway), "chat", body)).toMatchObject({
      message:
        "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1024, but got a string with length 1025 instead.",
      code: "string_above_max_length",
    });
  });

  test("a key and an address that it does not know", async () => {
    await using server = await openOpenAiServer([{ text: "ok" }]);
    const stranger = new OpenAI({ baseURL: server.baseURL, apiKey: "sk-other", maxRetries: 0 });
    expect(await send(stranger, "chat", chat())).toMatchObject({ status: 401, code: "invalid_api_key" });
    await expect(createClient(server).models.list()).rejects.toMatchObject({ status: 404 });
  });
});

describe("the double accepts", () => {
  test.each(ACCEPTED)("%s (%s)", async (_what, format, body) => {
    await using server = await openOpenAiServer([{ text: "ok" }]);
    expect(await send(createClient(server), format, body)).toBeNull();
  });
});

/** An answer, and the list with everything that it said. */
async function askAndEcho(
  client: OpenAI,
  body: Json = {},
): Promise<{ readonly id: string; readonly said: readonly Json[] }> {
  const response = await client.responses.create({ model: "m", input: "x", ...body } as never);
  const { id, output: said } = response as unknown as { id: string; output: readonly Json[] };
  return { id, said };
}

describe("the double remembers", () => {
  test("what a call came with: its reasoning", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.reasoned]);
    const client = createClient(server);
    const { said } = await askAndEcho(client);
    expect(await send(client, "responses", input(...said, output("call_a")))).toBeNull();
    expect(await send(client, "responses", input(...said.slice(1), output("call_a")))).toMatchObject({
      message:
        "Item 'fc_resp_1_0' of type 'function_call' was provided without its required 'reasoning' item: 'rs_resp_1'.",
    });
  });

  test("what a call came with: its namespace", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.namespaced]);
    const client = createClient(server);
    const { said } = await askAndEcho(client);
    const [{ namespace: _namespace, ...bare } = {} as Json] = said;
    expect(await send(client, "responses", input(...said, output("call_a")))).toBeNull();
    expect((await send(client, "responses", input(bare, output("call_a"))))?.message).toMatch(NO_NAMESPACE);
    expect((await send(client, "responses", input({ ...bare, namespace: "erp" }, output("call_a"))))?.message).toMatch(
      NO_NAMESPACE,
    );
  });

  test("the conversation that a request goes on with", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.reasoned, { text: "ok" }]);
    const client = createClient(server);
    const { id } = await askAndEcho(client);
    const before = { previous_response_id: id };
    expect(await send(client, "responses", { ...before, input: [output("call_b")] })).toMatchObject({
      message: "No tool call found for function call output with call_id call_b.",
    });
    expect(await send(client, "responses", { ...before, input: "x" })).toMatchObject({
      message: "No tool output found for function call call_a.",
    });
    const { id: next } = await askAndEcho(client, { ...before, input: [output("call_a")] });
    // What was answered then is still answered.
    expect(await send(client, "responses", { input: "x", previous_response_id: next })).toBeNull();
    expect(await send(client, "responses", { input: [output("call_a")], previous_response_id: next })).toMatchObject({
      message: "Duplicate output for function call with call_id call_a.",
    });
  });

  test("a call whose output comes requests later", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.later, { text: "Soon." }, { text: "ok" }]);
    const client = createClient(server);
    const { id } = await askAndEcho(client);
    const { id: next } = await askAndEcho(client, { previous_response_id: id });
    const late = { previous_response_id: next, input: [output("call_a")] };
    expect(await send(client, "responses", late)).toBeNull();
  });

  test("nothing of what it should not store", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.reasoned]);
    const client = createClient(server);
    const { id, said } = await askAndEcho(client, { store: false });
    expect(await send(client, "responses", input(...said, output("call_a")))).toMatchObject({
      status: 404,
      message: expect.stringMatching(/^Item with id 'rs_resp_1' not found\. Items are not persisted/) as string,
    });
    expect(await send(client, "responses", { input: "x", previous_response_id: id })).toMatchObject({
      code: "previous_response_not_found",
    });
    expect(await send(client, "responses", input({ type: "item_reference", id: "fc_resp_1_0" }))).toMatchObject({
      status: 404,
    });
  });

  test("items by their ids", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.parallel, { text: "ok" }]);
    const client = createClient(server);
    const { said } = await askAndEcho(client);
    const references = said.map(({ id }) => ({ type: "item_reference", id }));
    const outputs = ["call_a", "call_b", "call_c"].map((id) => output(id));
    expect(await send(client, "responses", input(...references, ...outputs.slice(1)))).toMatchObject({
      message: "No tool output found for function call call_a.",
    });
    expect(await send(client, "responses", input(...references, ...outputs))).toBeNull();
  });
});

type Part = Readonly<Record<string, string>>;

describe("what the double says comes back as it came", () => {
  test("in Chat", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.parallel, { text: "ok" }]);
    const client = createClient(server);
    const first = await client.chat.completions.create({ model: "m", messages: [{ role: "user", content: "x" }] });
    const [choice] = first.choices;
    const answers = ["call_c", "call_a", "call_b"].map((id) => answer(id));
    expect(await send(client, "chat", chat(choice?.message, ...answers))).toBeNull();
  });

  test("in Responses", async () => {
    const all: Reply = {
      ...HARD_REPLIES.programmed,
      reasoning: true,
      text: "Well.",
      search: HARD_REPLIES.serverSearch.search,
    };
    const calls = [...HARD_REPLIES.programmed.calls, { ...HARD_REPLIES.custom.calls[0], id: "call_b" }];
    await using server = await openOpenAiServer([{ ...all, calls }, { text: "ok" }]);
    const client = createClient(server);
    const { said } = await askAndEcho(client);
    const { caller } = HARD_REPLIES.programmed.calls[0];
    const outputs = [{ ...output("call_b"), type: "custom_tool_call_output" }, output("call_a", { caller })];
    expect(await send(client, "responses", input(...said, ...outputs))).toBeNull();
  });
});

const REPLIES = Object.entries<Reply>(HARD_REPLIES);
const ONLY_RESPONSES = new Set(["reasoned", "namespaced", "programmed", "later", "serverSearch", "clientSearch"]);
const SEEDS = [1, 2, 3];

describe("the client reads", () => {
  test.each(REPLIES.filter(([name]) => !ONLY_RESPONSES.has(name)))(
    "%s from a stream of Chat as from a body",
    async (_name, reply) => {
      for (const seed of SEEDS) {
        await using server = await openOpenAiServer([reply], { seed });
        const client = createClient(server);
        const body = { model: "m", messages: [{ role: "user" as const, content: "x" }] };
        const whole = await client.chat.completions.create(body);
        const calls: { id: string; name: string; text: string }[] = [];
        let text = "";
        let refusal = "";
        let finish: string | null = null;
        for await (const { choices } of await client.chat.completions.create({ ...body, stream: true })) {
          const [choice] = choices;
          text += choice?.delta.content ?? "";
          refusal += choice?.delta.refusal ?? "";
          finish = choice?.finish_reason ?? finish;
          for (const piece of choice?.delta.tool_calls ?? []) {
            const { function: called, custom } = piece as unknown as { function?: Part; custom?: Part };
            const read = (calls[piece.index] ??= {
              id: piece.id ?? "",
              name: (called ?? custom)?.["name"] ?? "",
              text: "",
            });
            read.text += called?.["arguments"] ?? custom?.["input"] ?? "";
          }
        }
        const [choice] = whole.choices;
        expect(calls).toEqual((reply.calls ?? []).map(({ id, name, arguments: said }) => ({ id, name, text: said })));
        expect(text).toBe(choice?.message.content ?? "");
        expect(refusal).toBe(choice?.message.refusal ?? "");
        expect(finish).toBe(choice?.finish_reason);
        expect(choice?.message.tool_calls?.map(({ id }) => id) ?? []).toEqual(calls.map(({ id }) => id));
      }
    },
  );

  test("no stream in which two calls have an id, where its own accumulator does", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.duplicateIds]);
    const client = createClient(server);
    await expect(client.responses.stream({ model: "m", input: "x" }).finalResponse()).rejects.toThrow(
      "duplicate output item identity",
    );
    const types: string[] = [];
    for await (const { type } of await client.responses.create({ model: "m", input: "x", stream: true })) {
      types.push(type);
    }
    expect(types.at(-1)).toBe("response.completed");
  });

  test.each(REPLIES.filter(([name]) => name !== "duplicateIds"))(
    "%s from a stream of Responses as from a body",
    async (_name, reply) => {
      for (const seed of SEEDS) {
        await using server = await openOpenAiServer([reply], { seed });
        const client = createClient(server);
        const whole = await client.responses.create({ model: "m", input: "x" });
        // The client's own accumulator puts the deltas together; it throws where events do not fit one another.
        const streamed = await client.responses.stream({ model: "m", input: "x" }).finalResponse();
        const withoutIds = (items: unknown): unknown =>
          JSON.parse(JSON.stringify(items).replaceAll(/resp_\d/g, "resp"));
        const unparsed = streamed.output.map((item) => {
          const { parsed_arguments: _arguments, ...rest } = item as unknown as Record<string, unknown>;
          return rest;
        });
        expect(withoutIds(unparsed)).toMatchObject(withoutIds(whole.output) as object);
        expect(streamed.output_text).toBe(whole.output_text);
        expect(streamed.status).toBe(reply.finish === undefined ? "completed" : "incomplete");
      }
    },
  );

  test("arguments whose pieces come mixed", async () => {
    await using server = await openOpenAiServer([HARD_REPLIES.parallel]);
    const order: number[] = [];
    const texts = new Map<number, string>();
    for await (const event of await createClient(server).responses.create({ model: "m", input: "x", stream: true })) {
      if (event.type !== "response.function_call_arguments.delta") continue;
      order.push(event.output_index);
      texts.set(event.output_index, (texts.get(event.output_index) ?? "") + event.delta);
    }
    expect([...texts.values()]).toEqual(HARD_REPLIES.parallel.calls.slice(0, 2).map((one) => one.arguments));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });
});
