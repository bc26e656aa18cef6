// What goes back to OpenAI's models besides plain text: the results of wrapped calls, images and files, and the model's own
// turn before them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRegistry, defineTool, type ContentPart, type Registry } from "../../src/index.ts";
import { openai } from "../../src/providers/openai/index.ts";
import { sampleTools } from "./sample-tools.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A registry with a tool that gives these parts and this output. */
function createCamera(parts: readonly ContentPart[], output: unknown = { ok: true }): Registry {
  const camera = defineTool({
    name: "camera.shoot",
    version: "1.0.0",
    description: "Take a picture.",
    effect: "read",
    handler(_input, { attach }) {
      for (const part of parts) attach(part);
      return output;
    },
  });
  return createRegistry({ tools: [...sampleTools, camera] });
}

function call(
  name: string,
  args: unknown,
): { type: "function_call"; call_id: string; name: string; arguments: string } {
  return {
    type: "function_call",
    call_id: "c1",
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args),
  };
}

async function shoot(parts: readonly ContentPart[], output?: unknown): Promise<unknown> {
  const [result] = await openai(createCamera(parts, output)).run([call("camera_shoot", {})]);
  return result?.output;
}

describe("images and files", () => {
  test("go beside the text to Responses", async () => {
    expect(
      await shoot([
        { type: "text", text: "A caption." },
        { type: "image", data: PNG, mimeType: "image/png" },
        { type: "file", data: "aGk=", mimeType: "text/plain", name: "hi.txt" },
      ]),
    ).toEqual([
      { type: "input_text", text: '{"ok":true}\nA caption.' },
      { type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "auto" },
      { type: "input_file", filename: "hi.txt", file_data: "data:text/plain;base64,aGk=" },
    ]);
  });

  test("stand alone where there is nothing to say", async () => {
    const image: ContentPart = { type: "image", data: PNG, mimeType: "image/png" };
    const [result] = await openai(
      createRegistry({
        tools: [
          defineTool({
            name: "camera.shoot",
            version: "1.0.0",
            description: "x",
            effect: "read",
            handler: (_input, { attach }) => attach(image),
          }),
        ],
      }),
    ).run([call("camera_shoot", {})]);
    expect(result?.output).toEqual([
      { type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "auto" },
    ]);
  });

  test.each<[string, ContentPart, string]>([
    [
      "of a kind it does not take",
      { type: "image", data: PNG, mimeType: "image/tiff" },
      "[image, image/tiff, not shown]",
    ],
    ["that are no base64", { type: "image", data: "<svg>", mimeType: "image/png" }, "[image, image/png, not shown]"],
    [
      "that are empty",
      { type: "file", data: "", mimeType: "text/plain", name: "e" },
      '[file "e", text/plain, not shown]',
    ],
    [
      "whose type is no media type",
      { type: "file", data: "aGk=", mimeType: "text/html,<script>", name: "e" },
      '[file "e", text/html,<script>, not shown]',
    ],
  ])("%s are named in the text", async (_name, part, line) => {
    expect(await shoot([part])).toBe(`{"ok":true}\n${line}`);
  });

  test("are named in the text of Chat Completions, which takes none", async () => {
    const binding = openai(createCamera([{ type: "image", data: PNG, mimeType: "image/png" }]), { format: "chat" });
    const [result] = await binding.run([
      { id: "1", type: "function", function: { name: "camera_shoot", arguments: "{}" } },
    ]);
    expect(result?.content).toBe('{"ok":true}\n[image, image/png, not shown]');
  });
});

describe("a call that wraps others", () => {
  const wrap = (uses: readonly { recipient_name: string; parameters: unknown }[]): object => ({ tool_uses: uses });

  test.each(["parallel", "multi_tool_use.parallel", "multi_tool_use_parallel"])(
    "named %s is answered by the results of all of them",
    async (name) => {
      const binding = openai(createRegistry({ tools: sampleTools }));
      const response = [
        call(
          name,
          wrap([
            { recipient_name: "functions.math_calculate", parameters: { expression: "1" } },
            { recipient_name: "functions.no_such_tool", parameters: {} },
            { recipient_name: "weather_climate", parameters: { city: "Oslo", month: 7 } },
          ]),
        ),
      ];
      expect(binding.decode(response)).toMatchObject([
        { id: "c1", tool: null, inner: [{ id: "c1#0", tool: { name: "math.calculate" } }, { id: "c1#1" }, {}] },
      ]);
      const results = await binding.run(response);
      expect(results).toHaveLength(1);
      expect(results[0]?.call_id).toBe("c1");
      expect(JSON.parse(results[0]?.output as string)).toEqual([
        { recipient_name: "math_calculate", output: '{"result":"<1>"}' },
        { recipient_name: "no_such_tool", output: expect.stringMatching(/^UNKNOWN_TOOL: /) },
        { recipient_name: "weather_climate", output: expect.stringContaining('"city":"Oslo"') },
      ]);
    },
  );

  test("keeps the digits of numbers, and does not wrap further wrappers", async () => {
    const echo = defineTool({
      name: "echo",
      version: "1.0.0",
      description: "x",
      effect: "read",
      exactNumbers: "text",
      input: { type: "object", properties: { id: { type: "integer" } } },
      handler: (input) => input,
    });
    const binding = openai(createRegistry({ tools: [echo] }));
    const inner = '{"recipient_name":"echo","parameters":{"id":12345678901234567890}}';
    const nested = `{"recipient_name":"parallel","parameters":{"tool_uses":[${inner}]}}`;
    const [result] = await binding.run([call("parallel", `{"tool_uses":[${inner},${nested}]}`)]);
    const [first, second] = JSON.parse(result?.output as string) as readonly { output: string }[];
    expect(first?.output).toContain("12345678901234567890");
    expect(second?.output).toMatch(/^UNKNOWN_TOOL: /);
  });

  test("is an ordinary call when a tool has that name", async () => {
    const parallel = defineTool({
      name: "parallel",
      version: "1.0.0",
      description: "x",
      effect: "read",
      input: { type: "object" },
      handler: () => "mine",
    });
    const binding = openai(createRegistry({ tools: [parallel] }));
    const [result] = await binding.run([call("parallel", { tool_uses: [] })]);
    expect(result?.output).toBe("mine");
  });

  test("is refused as unknown when it holds no calls, whatever it holds", async () => {
    const binding = openai(createRegistry({ tools: sampleTools }));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((uses) => `{"tool_uses":${uses}}`),
        ),
        async (args) => {
          const results = await binding.run([call("multi_tool_use.parallel", args)]);
          expect(results).toHaveLength(1);
          expect(results[0]?.call_id).toBe("c1");
        },
      ),
    );
  });
});

describe("the model's own turn", () => {
  test("goes back as it came before the results, in Responses", async () => {
    const binding = openai(createRegistry({ tools: sampleTools }));
    const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "x" } as const;
    const response = { output: [reasoning, { ...call("math_calculate", { expression: "1" }), id: "fc_1" }] };
    const results = await binding.run(response);
    expect(binding.toMessages(response, results)).toEqual([...response.output, ...results]);
    expect(binding.toMessages(response.output, results)).toEqual([...response.output, ...results]);
  });

  test("goes back as it came before the results, in Chat", async () => {
    const binding = openai(createRegistry({ tools: sampleTools }), { format: "chat" });
    const calls = [
      { id: "1", type: "function", function: { name: "math_calculate", arguments: '{"expression":"1"}' } },
    ];
    const message = { role: "assistant", content: null, tool_calls: calls };
    const results = await binding.run(message);
    expect(binding.toMessages({ choices: [{ message }] }, results)).toEqual([message, ...results]);
    expect(binding.toMessages(message, results)).toEqual([message, ...results]);
    expect(binding.toMessages(calls, results)).toEqual(results);
  });
});
