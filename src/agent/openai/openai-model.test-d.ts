// The client type against the installed `openai` package.
import type OpenAI from "openai";
import type { AzureOpenAI } from "openai";
import { expectTypeOf, test } from "vitest";
import type { Model } from "../model.ts";
import type { ChatClient, ResponsesClient } from "./client.ts";
import { openaiModel } from "./openai-model.ts";

declare const client: OpenAI;
declare const azure: AzureOpenAI;

test("the official clients fit", () => {
  expectTypeOf<OpenAI>().toExtend<ChatClient>();
  expectTypeOf<OpenAI>().toExtend<ResponsesClient>();
  expectTypeOf(openaiModel(client, "m")).toEqualTypeOf<Model>();
  expectTypeOf(openaiModel(azure, "m", { format: "responses" })).toEqualTypeOf<Model>();
});

test("a client that speaks only Chat Completions cannot be asked for Responses", () => {
  const chatOnly: ChatClient = client;
  openaiModel(chatOnly, "m");
  // @ts-expect-error: it has no `responses`
  openaiModel(chatOnly, "m", { format: "responses" });
});
