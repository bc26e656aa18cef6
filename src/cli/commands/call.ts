// `toolyard call`: one call of one tool, through every stage of the walk.
import { Option } from "commander";
import type { CallOptions, Outcome } from "../../index.ts";
import { printStream } from "../call-stream.ts";
import { createCallerOptions, toCaller } from "../caller.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printOutcome } from "../outcome-text.ts";
import { openProject } from "../project.ts";
import { readArguments } from "../read-arguments.ts";
import { createUrlOption, toInteger, type Verb, type VerbOptions } from "../verb.ts";

export const callVerb: Verb = {
  name: "call",
  summary: "call a tool and print its output",
  arguments: [
    ["<tool>", "a tool, alone or with a version or range: orders.get, orders.get@^1"],
    ["[arguments]", "its arguments as JSON text"],
  ],
  options: [
    new Option("--file <path>", "read the arguments from a file; - for the standard input"),
    ...createCallerOptions(),
    new Option("--dry-run", "go through every check and touch nothing"),
    new Option("--timeout <ms>", "a deadline shorter than the tool's own").argParser(toInteger(1, 86_400_000)),
    new Option("--idempotency-key <key>", "make the call once: a tool that honours keys is told this one"),
    new Option("--stream", "print progress and partial results as they come"),
    createUrlOption(),
  ],
  examples: [
    { command: `call calculator '{"expression":"2^10"}'`, does: "the output as JSON" },
    { command: "call orders.get@^1 --file args.json --as guest", does: "as a role, arguments from a file" },
    { command: "call orders.refund --dry-run --json", does: "would it be allowed? the whole outcome" },
    {
      command: "call orders.get --file args.json --url https://tools.example.com",
      does: "by a server, as its key says",
    },
  ],
  remote: {
    refuses: ["as", "id", "tenant"],
    isPatient: true,
    run: async (...asked) => (await import("../remote/call.ts")).callRemotely(...asked),
  },
  async run(session, [ref = "", text], options) {
    const input = await readArguments(session.io, text, options["file"] as string | undefined);
    await using project = await openProject(session);
    const controller = new AbortController();
    const stopListening = session.io.onInterrupt(() => {
      controller.abort();
    });
    try {
      const call = toCallOptions(options, project.roles, controller.signal);
      const outcome =
        options["stream"] === true
          ? await printStream(session, project.registry.stream(ref, input, call))
          : await project.registry.execute(ref, input, call);
      printOutcome(session.output, outcome, options["stream"] === true);
      return toExitCode(outcome, controller.signal);
    } finally {
      stopListening();
    }
  },
};

function toCallOptions(options: VerbOptions, roles: readonly string[], signal: AbortSignal): CallOptions {
  const timeoutMs = options["timeout"] as number | undefined;
  const idempotencyKey = options["idempotencyKey"] as string | undefined;
  return {
    principal: toCaller(options, roles),
    signal,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(options["dryRun"] === true && { dryRun: true }),
  };
}

function toExitCode(outcome: Outcome, { aborted }: AbortSignal): ExitCode {
  if (outcome.ok) return EXIT.ok;
  return aborted ? EXIT.interrupted : EXIT.refused;
}
