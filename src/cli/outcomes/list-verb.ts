// `toolyard outcomes list`: which calls may have had their effect or not.
import { InvalidArgumentError, Option } from "commander";
import type { UnknownOutcome } from "../../index.ts";
import { EXIT } from "../exit-code.ts";
import { type Output, toSafeLine } from "../output/index.ts";
import { openStateForReading } from "../state.ts";
import { createUrlOption, type Verb } from "../verb.ts";

const MOST = 1_000;

export const outcomesListVerb: Verb = {
  name: "outcomes list",
  summary: "list calls whose effect is not known, oldest first",
  arguments: [],
  options: [
    new Option("--tool <name>", "only of this tool"),
    new Option("--tenant <tenant>", "only of this tenant"),
    new Option("--limit <count>", `at most so many, 1 to ${MOST}`).argParser(parseLimit).default(100),
    createUrlOption(),
  ],
  examples: [
    { command: "outcomes list", does: "what somebody has to look after" },
    { command: "outcomes list --tool orders.refund --json", does: "of one tool, for programs" },
  ],
  remote: {
    refuses: [],
    run: async (...asked) => (await import("../remote/outcomes.ts")).listOutcomesRemotely(...asked),
  },
  async run(session, _args, options) {
    const { output } = session;
    const { tool, tenant, limit } = options as { tool?: string; tenant?: string; limit: number };
    await using state = await openStateForReading(session);
    const filter = { ...(tool !== undefined && { tool }), ...(tenant !== undefined && { tenant }) };
    const outcomes = await state.outcomes.list({ ...filter, limit });
    const { all } = await state.outcomes.count();
    printOutcomes(output, outcomes, all);
    return EXIT.ok;
  },
};

/** Prints unknown outcomes; `all` is how many there are, null where that is not known. */
export function printOutcomes(output: Output, outcomes: readonly UnknownOutcome[], all: number | null): void {
  if (output.json) {
    output.data({ outcomes, all });
    return;
  }
  if (outcomes.length === 0) {
    const none = all === null ? "There are none of these." : `None of the ${all} that are listed.`;
    output.line(all === 0 ? "The effect of every call is known." : none);
    return;
  }
  // An id that is cut cannot be resolved: each has a line of its own.
  for (const { id, at, tool, version, tenant, principal, code, idempotencyKey } of outcomes) {
    output.line(output.colors.cyan(toSafeLine(id)));
    const when = new Date(at).toISOString().replace("T", " ").slice(0, 19);
    const key = idempotencyKey === null ? "without a key" : `key ${idempotencyKey}`;
    output.paragraph(toSafeLine(`${when}  ${tool}@${version} for ${tenant}/${principal}, ${code}, ${key}`), 4);
  }
  const of = all === null ? "listed" : `of ${all}`;
  const shown = outcomes.length === all ? `${all} in all` : `${outcomes.length} ${of}`;
  output.line(output.colors.dim(`${shown}; toolyard outcomes resolve <id> says what became of one`));
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new InvalidArgumentError(`Expected an integer from 1 to ${MOST}.`);
}
