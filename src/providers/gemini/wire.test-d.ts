// Our wire types against those of the installed `@google/genai` package: what a binding gives fits its requests, and what
// it answers fits a binding.
import type {
  Content,
  FunctionDeclaration,
  GenerateContentResponse,
  GoogleGenAI,
  Part,
  Tool,
  ToolConfig,
} from "@google/genai";
import { expectTypeOf, test } from "vitest";
import type { Registry } from "../../core/registry.ts";
import { gemini, toGeminiTool } from "./index.ts";
import type {
  GeminiBinding,
  GeminiFunction,
  GeminiMessage,
  GeminiPart,
  GeminiResult,
  GeminiSource,
  GeminiTool,
  GeminiToolConfig,
} from "./index.ts";

interface App {
  readonly orders: readonly string[];
}
declare const registry: Registry<App>;
declare const client: GoogleGenAI;
declare const response: GenerateContentResponse;

test("tools and their configuration fit the requests of the official client", () => {
  expectTypeOf<GeminiFunction>().toExtend<FunctionDeclaration>();
  expectTypeOf<GeminiTool>().toExtend<Tool>();
  expectTypeOf<GeminiToolConfig>().toExtend<ToolConfig>();
});

test("results and messages fit the requests of the official client", () => {
  expectTypeOf<GeminiResult>().toExtend<Part>();
  expectTypeOf<GeminiMessage>().toExtend<Content>();
});

test("responses of the official client, and parts of them, can be decoded", () => {
  expectTypeOf<GenerateContentResponse>().toExtend<GeminiSource>();
  expectTypeOf<Content>().toExtend<GeminiSource>();
  expectTypeOf<Part[]>().toExtend<GeminiSource>();
  expectTypeOf<Part>().toExtend<GeminiPart>();
});

test("a binding makes the next request of the official client", async () => {
  const binding = gemini(registry, { strict: "prefer" });
  expectTypeOf(binding).toEqualTypeOf<GeminiBinding>();
  const { tools, toolChoice } = binding;
  const contents: Content[] = [{ role: "user", parts: [{ text: "Hi" }] }];
  contents.push(...binding.toMessages(response, await binding.run(response)));
  contents.push(...binding.toMessages(response.candidates?.[0]?.content ?? {}, []));
  await client.models.generateContent({
    model: "m",
    contents,
    config: { tools, ...(toolChoice && { toolConfig: toolChoice }) },
  });
  const stream = await client.models.generateContentStream({ model: "m", contents, config: { tools } });
  await binding.run(await binding.collect(stream, (text) => text.length));
  // @ts-expect-error: text is no response
  binding.decode("text");
});

test("one tool is a function declaration", () => {
  const [tool] = registry.list();
  if (tool === undefined) return;
  expectTypeOf(toGeminiTool(tool)).toEqualTypeOf<GeminiFunction>();
});
