// Section 2: the registry as OpenAI's API sees it, and the way back.
import { openai, type ResponsesResult, type ResponsesToolCall } from "../../../providers/openai/index.ts";
import { PEOPLE, type Section, type Stage } from "../section.ts";

const WIRE_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const SHOWN = "time.now";

export async function showOpenAi({ registry }: Stage): Promise<Section> {
  const visible = registry.list({ principal: PEOPLE.user });
  const binding = openai(registry, { principal: PEOPLE.user, strict: "prefer" });
  const chat = openai(registry, { principal: PEOPLE.user, format: "chat" });
  const shown = binding.tools[visible.findIndex(({ name }) => name === SHOWN)];
  const names = binding.report.map(({ wireName }) => wireName);
  const strict = binding.report.filter((row) => row.strict).length;
  // What a model's response holds: three calls at once, the second of a tool that nobody offered.
  const response: readonly ResponsesToolCall[] = [
    {
      type: "function_call",
      call_id: "c1",
      name: toWireName(binding.report, "calculator"),
      arguments: '{"expression":"6*7"}',
    },
    { type: "function_call", call_id: "c2", name: "no_such_tool", arguments: "{}" },
    {
      type: "function_call",
      call_id: "c3",
      name: toWireName(binding.report, "text.stats"),
      arguments: '{"text":"two words"}',
    },
  ];
  const results = (await binding.run(response)).map(toShownResult);
  return {
    title: "OpenAI function calling",
    explanation:
      "One line turns what a user may see into the tools of a request, for the Responses API or Chat Completions. " +
      "The binding decodes the model's calls, runs them in parallel, and answers each one, whatever happened.",
    data: { tools: binding.tools, report: binding.report, results },
    claims: [
      {
        text: `Each of the ${visible.length} tools a user may see became one function, in both formats.`,
        holds: binding.tools.length === visible.length && chat.tools.length === visible.length,
      },
      {
        text: `All ${names.length} names are different and such that OpenAI accepts them (no dots).`,
        holds: new Set(names).size === visible.length && names.every((name) => WIRE_NAME.test(name)),
      },
      {
        text: `${strict} of ${names.length} are strict; for the others the report says why not.`,
        holds: binding.report.every((row) => row.strict === (row.reason === null)),
      },
      {
        text: "Three calls, one of them of an unknown tool, got three answers in order: 42, UNKNOWN_TOOL, 2 words.",
        holds:
          results.map(({ id }) => id).join() === "c1,c2,c3" &&
          ["42", "UNKNOWN_TOOL", '"words":2'].every((part, index) => results[index]?.text.includes(part) === true),
      },
    ],
    show({ line, paragraph, colors }) {
      line(colors.dim(`${SHOWN} as a function:`));
      paragraph(JSON.stringify(shown, null, 1), 2);
      line();
      line(colors.dim("answers to three calls:"));
      for (const { id, text } of results) paragraph(`${id}  ${text}`, 2);
    },
  };
}

function toShownResult({ call_id: id, output }: ResponsesResult): { readonly id: string; readonly text: string } {
  return { id, text: typeof output === "string" ? output : JSON.stringify(output) };
}

function toWireName(report: readonly { readonly tool: string; readonly wireName: string }[], tool: string): string {
  return report.find((row) => row.tool === tool)?.wireName ?? tool;
}
