// Section 8: arguments that a tool refuses, repaired by the model from nothing but the error it was given.
import { type ChatResult, createAgent, type Model } from "../../../agent/index.ts";
import { PEOPLE, type Section, type Stage } from "../section.ts";
import { showTurn } from "./chat-turn.ts";

const QUESTION = "List my notes with limit 99, and tell me the climate of Pariss in July.";

export async function showRepair({ registry, model, offline }: Stage): Promise<Section> {
  const told: string[] = [];
  await registry.execute("notes.add", { text: "Water the plants" }, { principal: PEOPLE.user });
  const agent = createAgent({ registry, model: listen(model, told) });
  const result = await agent.chat(QUESTION, { principal: PEOPLE.user });
  const refused = result.calls.filter(({ outcome }) => !outcome.ok);
  return {
    title: "Bad arguments, repaired from the error",
    explanation:
      "A limit of 99 is more than notes.list accepts, and there is no Pariss in the climate table. The model is told so, with what was expected and received, " +
      "and calls again. It knows nothing else of what went wrong.",
    data: { question: QUESTION, told, result },
    claims: [
      {
        text: `Each of ${result.calls.length} calls got a result, ${refused.length} of them a refusal; the model answered in words.`,
        holds: result.stopped === "answered" && result.calls.length > 0,
      },
      ...(offline ? offlineClaims(result, told) : []),
    ],
    show: (output) => {
      showTurn(output, QUESTION, result.calls, result.text);
      output.line();
      output.line(output.colors.dim("what the model was told of its refused calls:"));
      for (const text of told) output.paragraph(text, 2);
    },
  };
}

function offlineClaims({ calls }: ChatResult, told: readonly string[]): Section["claims"] {
  const [list, climate, listAgain, climateAgain] = calls;
  return [
    {
      text: "The first two calls were refused: one by the tool's schema, one by the tool itself.",
      holds: hasCode(list, "INVALID_INPUT") && hasCode(climate, "TOOL_ERROR") && told.length === 2,
    },
    {
      text: "The next two went through, with limit 50 and Paris, both named in the errors above.",
      holds: calls.length === 4 && isRepaired(listAgain, told[0], "50") && isRepaired(climateAgain, told[1], "Paris"),
    },
  ];
}

/** Whether the call went through with a value that the error had named. */
function isRepaired(call: ChatResult["calls"][number] | undefined, told: string | undefined, value: string): boolean {
  if (call === undefined || told === undefined || !call.outcome.ok) return false;
  return JSON.stringify(call.input).includes(value) && new RegExp(`\\b${value}\\b`).test(told);
}

function hasCode(call: ChatResult["calls"][number] | undefined, code: string): boolean {
  return call !== undefined && !call.outcome.ok && call.outcome.error.code === code;
}

/** The same model; `told` gets the text of each refusal that it is shown. */
function listen(model: Model, told: string[]): Model {
  return {
    name: model.name,
    respond(turn) {
      const last = turn.messages.at(-1);
      if (last?.role === "tool") told.push(...last.results.filter(({ ok }) => !ok).map(({ text }) => text));
      return model.respond(turn);
    },
  };
}
