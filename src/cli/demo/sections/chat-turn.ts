// Section 7: one turn of a chat, with parallel calls.
import { type ChatCall, type ChatEvent, createAgent } from "../../../agent/index.ts";
import { toInlineJson, type Output } from "../../output/index.ts";
import { PEOPLE, type Section, type Stage } from "../section.ts";

const QUESTION = "What is 12 * (3 + 4), what is the climate of Paris in July, and convert 10 km to miles.";

export async function showChatTurn({ registry, model, offline }: Stage): Promise<Section> {
  const agent = createAgent({ registry, model });
  const events: ChatEvent[] = [];
  const result = await agent.chat(QUESTION, {
    principal: PEOPLE.user,
    onEvent: (event) => {
      events.push(event);
    },
  });
  const kinds = events.map(({ type }) => type);
  const started = kinds.filter((kind) => kind === "call").length;
  const startedFirst = kinds.slice(0, kinds.indexOf("result")).filter((kind) => kind === "call").length;
  const answered = new Set(events.filter((event) => event.type === "result").map(({ id }) => id)).size;
  return {
    title: "A chat turn with parallel calls",
    explanation:
      "The agent shows the model the tools this user may see, runs what the model calls, in parallel, and gives it the results, until it answers in words." +
      (offline ? " The offline model is a small intent matcher: it needs no network, and makes real calls." : ""),
    data: { question: QUESTION, result },
    claims: [
      {
        text: `Each of the ${started} calls got exactly one result.`,
        holds: answered === started && result.calls.length === started,
      },
      {
        text: `The model answered in words after ${result.steps} steps.`,
        holds: result.stopped === "answered" && result.text !== "",
      },
      ...(offline ? offlineClaims(result.calls, startedFirst, result.text) : []),
    ],
    show: (output) => {
      showTurn(output, QUESTION, result.calls, result.text);
    },
  };
}

function offlineClaims(calls: readonly ChatCall[], startedFirst: number, text: string): Section["claims"] {
  return [
    {
      text: "All three calls had started before the first result was there.",
      holds: calls.length === 3 && startedFirst === 3,
    },
    {
      text: "The answer holds what the tools said: 84, 21 °C and 6.21 miles.",
      holds:
        calls.every(({ outcome }) => outcome.ok) && text.includes("84") && text.includes("21") && text.includes("6.21"),
    },
  ];
}

/** A turn as a dialogue. */
export function showTurn(
  { line, paragraph, colors }: Output,
  question: string,
  calls: readonly ChatCall[],
  answer: string,
): void {
  line(colors.bold("user"));
  paragraph(question, 7);
  for (const { tool, input, outcome } of calls) {
    const mark = outcome.ok ? colors.green("✓") : colors.red("✗");
    line(`${colors.bold("call")} ${mark} ${colors.cyan(tool)}`);
    paragraph(typeof input === "string" ? input : toInlineJson(input), 7);
    paragraph(`→ ${outcome.ok ? toInlineJson(outcome.output) : `${outcome.error.code}: ${outcome.error.message}`}`, 7);
  }
  line(colors.bold("model"));
  paragraph(answer, 7);
}
