// A chat in the terminal: lines in, the model's words and the calls it makes out. Works with a person at a terminal and
// with lines from a pipe.
import { createInterface, type Interface } from "node:readline";
import { type Agent, type ChatResult, type Conversation, createAgent, type Model } from "../../agent/index.ts";
import type { PrincipalInput, Registry } from "../../index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { CliIo } from "../io.ts";
import type { Output } from "../output/index.ts";
import { createPersonApproval } from "./ask-person.ts";
import { COMMAND_NAMES, runCommand } from "./chat-commands.ts";
import { createTurnPrinter } from "./turn-printer.ts";

export interface ChatOptions {
  readonly io: CliIo;
  readonly output: Output;
  readonly registry: Registry<never>;
  readonly model: Model;
  /** Roles that `/as` accepts besides ADMIN, USER and GUEST. */
  readonly roles: readonly string[];
  readonly principal: PrincipalInput;
  /** Whether nobody is asked before a tool changes something; where nobody types, nobody is asked. @default false */
  readonly yes?: boolean;
}

/** What the commands of a chat see and change. */
export interface ChatState {
  readonly output: Output;
  readonly registry: Registry<never>;
  readonly roles: readonly string[];
  principal: PrincipalInput;
  /** What has been said as this principal. */
  conversation: Conversation;
  readonly createConversation: () => Conversation;
  /** Waited for before something of a turn is printed; null: nothing to wait for. */
  readonly beforeOutput: (() => Promise<void>) | null;
  left: boolean;
  /** Whether the model's API failed in any turn. */
  failed: boolean;
}

/** Runs a chat until the end of the input, `/quit`, or the second Ctrl-C. */
export async function runChat(options: ChatOptions): Promise<ExitCode> {
  const { io, output } = options;
  const lines = openLines(io, output);
  const { agent, state } = begin(options, lines);
  const interrupts = createInterrupts({
    hint: () => {
      output.note(output.colors.dim("\n(Ctrl-C again or /quit to leave)"));
      prompt(lines, output);
    },
    leave: () => {
      lines.close();
    },
  });
  const stopListening = io.onInterrupt(interrupts.interrupt);
  lines.on("SIGINT", interrupts.interrupt);
  try {
    prompt(lines, output);
    for await (const line of lines) {
      // Where nobody typed it, nothing else shows what was asked.
      if (!lines.terminal && !output.json) output.text(`you › ${line}`);
      await takeLine(line.trim(), state, agent, interrupts);
      if (state.left || interrupts.left) break;
      prompt(lines, output);
    }
  } finally {
    stopListening();
    lines.close();
    // The shell's prompt gets a line of its own, also after Ctrl-D.
    if (lines.terminal && !state.left) output.line();
  }
  if (interrupts.left) return EXIT.interrupted;
  // A person has seen it; a script only sees the code.
  return state.failed && !lines.terminal ? EXIT.refused : EXIT.ok;
}

function begin(
  { io: { clock }, output, registry, model, roles, principal, yes }: ChatOptions,
  lines: Interface,
): { readonly agent: Agent; readonly state: ChatState } {
  const person = lines.terminal && yes !== true ? createPersonApproval(lines, output) : null;
  const agent = createAgent({ registry, model, clock, ...(person !== null && { approve: person.approve }) });
  const { createConversation } = agent;
  const beforeOutput = person === null ? null : person.idle;
  const conversation = createConversation();
  const said = { principal, conversation, createConversation, left: false, failed: false };
  return { agent, state: { output, registry, roles, beforeOutput, ...said } };
}

async function takeLine(line: string, state: ChatState, agent: Agent, interrupts: Interrupts): Promise<void> {
  interrupts.forget();
  if (line === "") return;
  if (line.startsWith("/")) {
    runCommand(line, state);
    return;
  }
  const result = await runTurn(line, state, agent, interrupts.begin());
  interrupts.end();
  state.failed ||= result.stopped === "model_failed";
  if (state.output.json)
    state.output.dataLine({
      text: line,
      principal: state.principal,
      // The state is for programs that go on with the turn; this one cannot.
      result: { ...result, error: result.error?.message, state: undefined },
    });
}

async function runTurn(
  text: string,
  { output, principal, conversation, beforeOutput }: ChatState,
  agent: Agent,
  signal: AbortSignal,
): Promise<ChatResult> {
  const printer = createTurnPrinter(output);
  for await (const event of agent.stream(text, { principal, conversation, signal })) {
    if (beforeOutput !== null) await beforeOutput();
    if (event.type === "done") {
      printer.end(event.result);
      return event.result;
    }
    printer.print(event);
  }
  throw new Error("a turn of the chat ended without a result");
}

function openLines(io: CliIo, output: Output): Interface {
  const terminal = io.stdin.isTTY === true && io.stdout.isTTY === true;
  return createInterface({
    input: io.stdin,
    // Where nobody types, prompts would only stand between the answers; with --json they would break the document.
    ...(terminal && !output.json && { output: io.stdout }),
    terminal: terminal && !output.json,
    historySize: 200,
    removeHistoryDuplicates: true,
    prompt: `${output.colors.bold("you")} ${output.colors.dim("›")} `,
    completer: (line: string) => [COMMAND_NAMES.filter((name) => name.startsWith(line)), line],
  });
}

function prompt(lines: Interface & { readonly closed?: boolean }, { json }: Output): void {
  // The input may end while a turn is running.
  if (lines.terminal && !json && lines.closed !== true) lines.prompt();
}

interface Interrupts {
  /** Ctrl-C was pressed. */
  readonly interrupt: () => void;
  /** A turn begins; the signal is aborted by the next Ctrl-C. */
  begin(): AbortSignal;
  /** The turn has ended. */
  end(): void;
  /** The next Ctrl-C is a first one again. */
  forget(): void;
  /** Whether the second Ctrl-C has come. */
  readonly left: boolean;
}

// The first Ctrl-C cancels what runs, the second one leaves; where nothing runs, the first one asks for the second. A line
// in between makes the next one a first one again.
function createInterrupts({ hint, leave }: { readonly hint: () => void; readonly leave: () => void }): Interrupts {
  let running: AbortController | null = null;
  let pressed = false;
  let left = false;
  return {
    interrupt() {
      if (pressed) {
        left = true;
        running?.abort();
        leave();
        return;
      }
      pressed = true;
      if (running === null) hint();
      else running.abort();
    },
    begin() {
      running = new AbortController();
      return running.signal;
    },
    end() {
      running = null;
    },
    forget() {
      pressed = false;
    },
    get left() {
      return left;
    },
  };
}
