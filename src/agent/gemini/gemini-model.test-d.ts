// The client type against the installed `@google/genai` package.
import type { GenerateContentParameters, GoogleGenAI } from "@google/genai";
import { expectTypeOf, test } from "vitest";
import type { Model } from "../model.ts";
import type { GeminiClient, GeminiRequest } from "./client.ts";
import { geminiModel } from "./gemini-model.ts";

declare const client: GoogleGenAI;

test("the official client fits", () => {
  expectTypeOf<GoogleGenAI>().toExtend<GeminiClient>();
  // A method's parameters may be narrower than what they are given: the request is held on its own.
  expectTypeOf<GeminiRequest>().toExtend<GenerateContentParameters>();
  expectTypeOf(geminiModel(client, "m", { strict: "prefer" })).toEqualTypeOf<Model>();
  // @ts-expect-error: there is no such option
  geminiModel(client, "m", { format: "chat" });
});
