// The commands of a chat: what begins with a slash is for us, not for the model.
import { findNearest } from "../../kernel/nearest.ts";
import { formatUsage } from "../../index.ts";
import { parseRole } from "../caller.ts";
import { CliError } from "../cli-error.ts";
import type { ChatState } from "./chat.ts";

interface ChatCommand {
  readonly usage: string;
  readonly does: string;
  readonly run: (state: ChatState, argument: string) => void;
}

const COMMANDS: ReadonlyMap<string, ChatCommand> = new Map<string, ChatCommand>([
  ["/tools", { usage: "/tools", does: "the tools you may use", run: printTools }],
  ["/usage", { usage: "/usage", does: "what has been called, and how it went", run: printUsage }],
  ["/as", { usage: "/as <role>", does: "go on as another role; /as alone says who you are", run: changeRole }],
  ["/help", { usage: "/help", does: "this list", run: printHelp }],
  [
    "/quit",
    {
      usage: "/quit",
      does: "leave (also Ctrl-D, or Ctrl-C twice)",
      run: (state) => {
        state.left = true;
      },
    },
  ],
]);

/** For completion. */
export const COMMAND_NAMES: readonly string[] = [...COMMANDS.keys()];

/** Runs a line that begins with a slash. A line that is no command is told so, with the nearest one. */
export function runCommand(line: string, state: ChatState): void {
  const [name = "", ...rest] = line.split(/\s+/);
  const command = COMMANDS.get(name);
  if (command === undefined) {
    const near = COMMAND_NAMES.find((known) => known.startsWith(name)) ?? findNearest(name, COMMAND_NAMES, 1)[0];
    say(state, `There is no ${name}; ${near === undefined ? "/help lists the commands" : `did you mean ${near}?`}`);
    return;
  }
  try {
    command.run(state, rest.join(" "));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    say(state, error.message);
  }
}

function say({ output }: ChatState, text: string): void {
  if (output.json) output.dataLine({ note: text });
  else output.paragraph(text, 2);
}

function printTools({ output, registry, principal }: ChatState): void {
  const tools = registry.list({ principal });
  if (output.json) {
    output.dataLine({ tools: tools.map(({ name, version, description }) => ({ name, version, description })) });
    return;
  }
  output.table(
    [{ title: "tool" }, { title: "version" }, { title: "effect" }, { title: "description" }],
    tools.map((tool) => [{ text: tool.name, paint: output.colors.cyan }, tool.version, tool.effect, tool.description]),
  );
}

function printUsage({ output, registry }: ChatState): void {
  const usage = registry.usage();
  if (output.json) output.dataLine({ usage });
  else if (usage.length === 0) output.paragraph("Nothing has been called yet.", 2);
  else output.blocks(usage.map(formatUsage));
}

function changeRole(state: ChatState, argument: string): void {
  if (argument === "") {
    say(state, `You are ${state.principal.id}, ${(state.principal.roles ?? ["the default role"]).join(", ")}.`);
    return;
  }
  const role = parseRole(argument, state.roles);
  state.principal = { ...state.principal, roles: [role] };
  // What tools answered to one role must not be remembered for another.
  state.conversation = state.createConversation();
  const { length } = state.registry.list({ principal: state.principal });
  say(state, `You are now ${role}, and may use ${length} tools.`);
}

function printHelp({ output }: ChatState): void {
  const commands = [...COMMANDS.values()];
  if (output.json) output.dataLine({ commands: commands.map(({ usage, does }) => ({ usage, does })) });
  else for (const { usage, does } of commands) output.line(`  ${output.colors.cyan(usage.padEnd(12))} ${does}`);
}
