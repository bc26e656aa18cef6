// `toolyard outcomes resolve`: says what became of a call. It goes through a registry over the state, so that it does what the library does,
// also where the code of the tool is not at hand.
import { Option } from "commander";
import { openBareRegistry } from "../bare-registry.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { readArguments } from "../read-arguments.ts";
import { createUrlOption, type Session, type Verb, type VerbOptions } from "../verb.ts";

export const outcomesResolveVerb: Verb = {
  name: "outcomes resolve",
  summary: "say what became of a call: its key is free again, or answers from now on",
  arguments: [["<id>", "id of the call, as listed"]],
  options: [
    new Option("--effect <effect>", "whether what the tool does has happened")
      .choices(["applied", "none"])
      .makeOptionMandatory(),
    new Option("--reason <text>", "how that is known, for the audit trail").makeOptionMandatory(),
    new Option("--output <json>", "what the call would have answered; kept where it fits the tool's output"),
    new Option("--output-file <path>", "the same from a file; - for the standard input"),
    createUrlOption(),
  ],
  examples: [
    {
      command: "outcomes resolve call_4Fk_1z --effect none --reason 'not in the ledger of the bank'",
      does: "it may be tried again",
    },
    {
      command: `outcomes resolve call_4Fk_1z --effect applied --reason 'refund 811' --output '{"refund":811}'`,
      does: "a retry gets this",
    },
  ],
  remote: {
    refuses: [],
    run: async (...asked) => (await import("../remote/outcomes.ts")).resolveOutcomeRemotely(...asked),
  },
  async run(session, [id = ""], options) {
    const report = await readReport(session, options, (text) => JSON.parse(text) as unknown);
    const registry = await openBareRegistry(session);
    try {
      await registry.outcomes.resolve(id, report, { principal: { id: "cli" }, reason: String(options["reason"]) });
    } finally {
      await registry.close({ graceMs: 0 });
    }
    printResolved(session, id, report.effect);
    return EXIT.ok;
  },
};

export function printResolved({ output }: Session, id: string, effect: Report["effect"]): void {
  if (output.json) output.data({ id, effect });
  else if (effect === "none") output.line(`${toSafeLine(id)}: it did not happen; its key is free`);
  else output.line(`${toSafeLine(id)}: it happened; its key answers so from now on`);
}

type Report = { readonly effect: "none" } | { readonly effect: "applied"; readonly output?: unknown };

/** What the options say. `parse` throws what is wrong with the text of `--output`. */
export async function readReport(
  { io }: Session,
  options: VerbOptions,
  parse: (text: string) => unknown,
): Promise<Report> {
  const { effect, output, outputFile } = options as { effect: Report["effect"]; output?: string; outputFile?: string };
  const text = await readArguments(io, output, outputFile, "--output-file");
  if (effect === "none") {
    if (text !== undefined) throw new CliError("--output: is set, but --effect is none: nothing happened");
    return { effect };
  }
  if (text === undefined) return { effect };
  try {
    return { effect, output: parse(text) };
  } catch (error) {
    throw new CliError(`--output: ${(error as Error).message}; expected JSON text`, { cause: error });
  }
}
