// Section 3: the same tools for every provider, and the same call out of each one's format.
import { anthropic } from "../../../providers/anthropic/index.ts";
import { gemini } from "../../../providers/gemini/index.ts";
import { openai, type ToolReport } from "../../../providers/openai/index.ts";
import { PEOPLE, type Section, type Stage } from "../section.ts";

const TOOL = "calculator";
const ARGUMENTS = { expression: "6*7" };

/** One provider: what became of the tools, and its own answer to the call. */
interface Bound {
  readonly provider: string;
  readonly report: readonly ToolReport[];
  readonly result: unknown;
}

export async function showEveryModel({ registry }: Stage): Promise<Section> {
  const bound = await bindAll(registry);
  const tools = registry.list({ principal: PEOPLE.admin });
  const [first] = bound;
  const losses = bound.flatMap(({ report }) => report).flatMap(({ changes }) => changes).length;
  return {
    title: "One definition, every model",
    explanation:
      "Each provider takes another part of JSON Schema and writes calls in another way. A tool is compiled for each, and the " +
      "report says what its schema lost on the way; arguments that come back are checked with the tool's own schema.",
    data: { bound, losses },
    claims: [
      {
        text: `All ${tools.length} tools became tools of ${bound.map(({ provider }) => provider).join(", ")}.`,
        holds: bound.every(({ report }) => report.length === tools.length),
      },
      {
        text: "Every tool that is not strict has a reason in the report.",
        holds: bound.every(({ report }) => report.every(({ strict, reason }) => strict === (reason === null))),
      },
      {
        text: "The same call in the format of each got the same answer, 42, in the format of each.",
        holds: bound.every(({ result }) => JSON.stringify(result).includes("42")),
      },
    ],
    show({ table, line, colors }) {
      table(
        [{ title: "provider" }, { title: "strict", align: "right" }, { title: "changes told", align: "right" }],
        bound.map(({ provider, report }) => [
          provider,
          `${report.filter(({ strict }) => strict).length} of ${report.length}`,
          String(report.flatMap(({ changes }) => changes).length),
        ]),
      );
      const change = first?.report.flatMap(({ tool, changes }) => changes.map((text) => `${tool}: ${text}`))[0];
      if (change === undefined) return;
      line();
      line(colors.dim(`A line of a report: ${change}`));
    },
  };
}

async function bindAll(registry: Stage["registry"]): Promise<readonly Bound[]> {
  const options = { principal: PEOPLE.admin, strict: "prefer" } as const;
  const responses = openai(registry, options);
  const messages = anthropic(registry, options);
  const contents = gemini(registry, options);
  const call = { type: "function_call", call_id: "c1", name: TOOL, arguments: JSON.stringify(ARGUMENTS) } as const;
  const [item] = await responses.run([call]);
  const [block] = await messages.run([{ type: "tool_use", id: "c1", name: TOOL, input: ARGUMENTS }]);
  const [part] = await contents.run([{ functionCall: { name: TOOL, args: ARGUMENTS } }]);
  return [
    { provider: "OpenAI", report: responses.report, result: item },
    { provider: "Anthropic", report: messages.report, result: block },
    { provider: "Gemini", report: contents.report, result: part },
  ];
}
