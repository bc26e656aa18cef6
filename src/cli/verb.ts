// What a command of the command line is: data, from which the parser, the help and the check of the documentation come.
import { Command, InvalidArgumentError, Option } from "commander";
import type { Client } from "../client/index.ts";
import { findNearest } from "../kernel/nearest.ts";
import { CliError } from "./cli-error.ts";
import type { ExitCode } from "./exit-code.ts";
import type { CliIo } from "./io.ts";
import type { Output } from "./output/index.ts";

export interface Example {
  /** What to type after `toolyard`. */
  readonly command: string;
  readonly does: string;
}

/** What every command can rely on. */
export interface Session {
  readonly io: CliIo;
  readonly output: Output;
  /** Of Toolyard. */
  readonly version: string;
  /** `--config`. */
  readonly config: string | undefined;
  /** `--data`. */
  readonly data: string | undefined;
}

/** The options of a command by their long name in camel case, as `commander` parsed them. */
export type VerbOptions = Readonly<Record<string, unknown>>;

export interface Verb {
  /** One word, or two: a group of `GROUPS` in `program.ts` and what to do, such as `audit verify`. */
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly Example[];
  /** Positional arguments, `<required>` or `[optional]`, and what they are. */
  readonly arguments: readonly (readonly [flags: string, description: string])[];
  readonly options: readonly Option[];
  readonly run: (session: Session, args: readonly (string | undefined)[], options: VerbOptions) => Promise<ExitCode>;
  /** How a server does it, where it can be asked to; such a verb has the option of `createUrlOption`. */
  readonly remote?: RemoteForm;
}

/** What was typed after the name of a command. */
export interface Typed {
  readonly args: readonly (string | undefined)[];
  readonly options: VerbOptions;
  /** Options that were typed, as opposed to defaults. */
  readonly given: ReadonlySet<string>;
}

export interface Remote extends Typed {
  readonly client: Client;
}

export interface RemoteForm {
  /** Options, as `VerbOptions` names them, that say nothing to a server. */
  readonly refuses: readonly string[];
  /** Whether it may take as long as the server lets it. @default false */
  readonly isPatient?: boolean;
  readonly run: (session: Session, remote: Remote) => Promise<ExitCode>;
}

/** Commands whose names begin with the same word. */
export interface VerbGroup {
  readonly name: string;
  readonly summary: string;
}

/** `--url`, of commands that have a remote form. */
export function createUrlOption(): Option {
  return new Option(
    "--url <address>",
    "ask the server at this address, with the key in TOOLYARD_KEY; without it, at TOOLYARD_URL, or work here",
  );
}

/** Options of every command. */
export function createCommonOptions(): readonly Option[] {
  return [
    new Option("--json", "print JSON, for programs"),
    new Option(
      "--config <path>",
      "the configuration; without it, toolyard.config.ts (.js, .yaml, .json, …) here or above",
    ),
    new Option(
      "--data <dir>",
      "the folder of the state; without it, TOOLYARD_DATA_DIR, the configuration's, or .toolyard",
    ),
    new Option("--debug", "print stack traces"),
  ];
}

/** The command of `commander` for a verb. `run` is called with what was parsed. */
export function toCommand(verb: Verb, run: (verb: Verb, typed: Typed) => Promise<void>): Command {
  const command = new Command(verb.name.split(" ").at(-1)).summary(verb.summary).description(verb.summary);
  for (const [flags, description] of verb.arguments) command.argument(flags, description);
  for (const option of [...verb.options, ...createCommonOptions()]) command.addOption(option);
  const widest = Math.max(...verb.examples.map((example) => example.command.length));
  const examples = verb.examples.map((example) => `  toolyard ${example.command.padEnd(widest)}  # ${example.does}`);
  command.addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
  return command.action(() => {
    const options = command.opts<VerbOptions>();
    const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === "cli");
    const args = command.processedArgs as readonly (string | undefined)[];
    return run(verb, { args, options, given: new Set(given) });
  });
}

/** The command of `commander` for a group, into which the commands of its verbs go. */
export function toGroupCommand({ name, summary }: VerbGroup): Command {
  const group = new Command(name).summary(summary).description(summary).argument("[action...]").usage("[action]");
  // Reached only where no action of the group was named; its options are those of nothing.
  group.allowUnknownOption();
  return group.action((received: readonly string[]) => {
    const action = received.find((word) => !word.startsWith("-"));
    const actions = group.commands.map((command) => command.name());
    const near = action === undefined ? undefined : findNearest(action, actions, 1)[0];
    const found = action === undefined ? "" : `, and received ${JSON.stringify(action)}`;
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    throw new CliError(`"toolyard ${name}" expects one of ${actions.join(", ")}${found}${hint}`);
  });
}

/** Parses the value of an option as an integer from `min` to `max`. */
export function toInteger(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected an integer from ${min} to ${max}.`);
  };
}
