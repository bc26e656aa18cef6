// Images and files of results: shown to a model that takes them, while the turn goes on; named to any other, and in memory.
import { expect, test } from "vitest";
import { type ContentPart, createRegistry, defineTool } from "../index.ts";
import { type Agent, createAgent, type Message, type Model, type ModelEvent } from "./index.ts";

const PNG: ContentPart = { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" };
const TIFF: ContentPart = { type: "image", data: "AAAA", mimeType: "image/tiff" };

const camera = defineTool({
  name: "camera",
  version: "1.0.0",
  description: "Take a picture.",
  effect: "read",
  input: { type: "object", properties: { kind: { type: "string" } } },
  handler({ kind }: { kind?: string }, { attach }) {
    attach(kind === "tiff" ? TIFF : PNG);
    return { ok: true };
  },
});

/** A model that takes a picture and then says so; `seen` holds the messages of every request. */
function createCameraModel(takes: boolean): { model: Model; seen: (readonly Message[])[] } {
  const seen: (readonly Message[])[] = [];
  const model: Model = {
    name: "m",
    ...(takes && { takes: (part: ContentPart) => part.type === "image" && part.mimeType === "image/png" }),
    async *respond({ messages }): AsyncGenerator<ModelEvent> {
      seen.push(messages);
      const last = messages.at(-1);
      if (last?.role === "user") yield { type: "call", id: "c1", tool: "camera", input: { kind: last.text } };
      else yield { type: "text", text: "Done." };
    },
  };
  return { model, seen };
}

const open = (model: Model, maxSteps = 8): Agent =>
  createAgent({ registry: createRegistry({ tools: [camera] }), model, maxSteps });

const resultsOf = (messages: readonly Message[] | undefined): unknown =>
  messages?.flatMap((message) => (message.role === "tool" ? message.results : []));

const NAMED = { id: "c1", ok: true, text: '{"ok":true}\n[image, image/png, not shown]' };
const SHOWN = { ...NAMED, media: { parts: [PNG], text: '{"ok":true}' } };

test("a model that takes an image is shown it until the turn ends, and memory names it", async () => {
  const { model, seen } = createCameraModel(true);
  const agent = open(model);
  const conversation = agent.createConversation();
  await agent.chat("png", { conversation });
  expect(resultsOf(seen[1])).toEqual([SHOWN]);
  expect(resultsOf(conversation.messages)).toEqual([NAMED]);
});

test("a model that takes none, or not this one, reads what it was not shown", async () => {
  const none = createCameraModel(false);
  await open(none.model).chat("png");
  expect(resultsOf(none.seen[1])).toEqual([NAMED]);
  const other = createCameraModel(true);
  await open(other.model).chat("tiff");
  expect(resultsOf(other.seen[1])).toEqual([
    { id: "c1", ok: true, text: '{"ok":true}\n[image, image/tiff, not shown]' },
  ]);
});

test("a turn goes on with its images, and with a model that takes none by their names", async () => {
  const first = await open(createCameraModel(true).model, 1).chat("png");
  expect(first.stopped).toBe("step_limit");
  const state: unknown = JSON.parse(JSON.stringify(first.state));
  const same = createCameraModel(true);
  expect((await open(same.model).resume(state as never)).text).toBe("Done.");
  expect(resultsOf(same.seen[0])).toEqual([SHOWN]);
  const other = createCameraModel(false);
  expect((await open(other.model).resume(state as never)).text).toBe("Done.");
  expect(resultsOf(other.seen[0])).toEqual([NAMED]);
});

test.each([
  [{ parts: "x", text: "" }, /media\.parts: received .*, expected an array/],
  [{ parts: [{ type: "resource", uri: "file:///etc/passwd" }], text: "" }, /expected "image" or "file"/],
  [{ parts: [{ ...PNG, data: 5 }], text: "" }, /media\.parts\[0\]\.data/],
  [{ parts: [], text: "", more: 1 }, /media\.more/],
])("a state with broken media %j is refused", async (media, message) => {
  const { state } = await open(createCameraModel(true).model, 1).chat("png");
  const broken = JSON.parse(JSON.stringify(state)) as { messages: { results?: { media: unknown }[] }[] };
  for (const { results } of broken.messages) for (const result of results ?? []) result.media = media;
  await expect(open(createCameraModel(true).model).resume(broken as never)).rejects.toThrow(message);
});
