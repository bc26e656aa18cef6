// Counting what people see: letters as graphemes, words and sentences by Unicode's rules.
import { Role, type AnyTool } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";

const count = { type: "integer", minimum: 0 } as const;

export const textStats: AnyTool<DemoApp> = defineTool({
  name: "text.stats",
  version: "1.0.0",
  title: "Text statistics",
  description: "Count the characters, words, sentences and lines of a text.",
  tags: ["text"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  input: {
    type: "object",
    properties: { text: { type: "string", maxLength: 20_000, description: "The text, at most 20,000 characters." } },
    required: ["text"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: { characters: count, words: count, sentences: count, lines: count, bytes: count },
    required: ["characters", "words", "sentences", "lines", "bytes"],
  },
  examples: [{ text: "Hello, world. How are you?" }],
  handler(input) {
    const { text } = input as { text: string };
    return {
      characters: countSegments(text, "grapheme"),
      words: countSegments(text, "word"),
      sentences: countSegments(text, "sentence"),
      lines: text === "" ? 0 : text.split(/\r\n|[\n\r\u2028\u2029]/).length,
      bytes: Buffer.byteLength(text),
    };
  },
});

function countSegments(text: string, granularity: "grapheme" | "word" | "sentence"): number {
  let segments = 0;
  for (const segment of new Intl.Segmenter("en", { granularity }).segment(text)) {
    // Between words there are segments of spaces and punctuation.
    if (granularity !== "word" || segment.isWordLike === true) segments++;
  }
  return segments;
}
