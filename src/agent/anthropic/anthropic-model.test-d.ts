// The client type against the installed `@anthropic-ai/sdk` package.
import type Anthropic from "@anthropic-ai/sdk";
import { expectTypeOf, test } from "vitest";
import type { Model } from "../model.ts";
import { anthropicModel } from "./anthropic-model.ts";
import type { AnthropicClient, AnthropicRequest } from "./client.ts";

declare const client: Anthropic;

test("the official client fits", () => {
  expectTypeOf<Anthropic>().toExtend<AnthropicClient>();
  expectTypeOf(anthropicModel(client, "m")).toEqualTypeOf<Model>();
  anthropicModel(client, "m", { strict: "prefer", maxTokens: 1_024, request: { thinking: { type: "adaptive" } } });
});

test("a request of ours is one of the official client's", () => {
  expectTypeOf<AnthropicRequest>().toExtend<Anthropic.MessageCreateParamsStreaming>();
});
