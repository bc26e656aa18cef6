// The command line: its commands, and how faults become exit codes.
import { Command, CommanderError } from "commander";
import { invariant } from "../kernel/invariant.ts";
import { type Problem, ToolyardError } from "../index.ts";
import { CliError } from "./cli-error.ts";
import { auditVerbs } from "./commands/audit.ts";
import { backupVerb } from "./commands/backup.ts";
import { callVerb } from "./commands/call.ts";
import { chatVerb } from "./commands/chat.ts";
import { configVerbs } from "./commands/config.ts";
import { demoVerb } from "./commands/demo.ts";
import { diffVerb } from "./commands/diff.ts";
import { exportVerb } from "./commands/export.ts";
import { importVerb } from "./commands/import.ts";
import { outcomesVerbs } from "./commands/outcomes.ts";
import { restoreVerb } from "./commands/restore.ts";
import { keyVerbs } from "./commands/keys.ts";
import { serveVerb } from "./commands/serve.ts";
import { schemaVerb } from "./commands/schema.ts";
import { secretVerbs } from "./commands/secrets.ts";
import { toolsVerb } from "./commands/tools.ts";
import { usageVerb } from "./commands/usage.ts";
import { versionVerbs } from "./commands/versions.ts";
import { EXIT, EXIT_MEANINGS, type ExitCode } from "./exit-code.ts";
import { type CliIo, hasColors, toColumns } from "./io.ts";
import { createColors, createOutput, toSafeText } from "./output/index.ts";
import { RemoteError } from "./remote/remote-error.ts";
import { runVerb } from "./run-verb.ts";
import { toCommand, toGroupCommand, type Typed, type Verb, type VerbGroup } from "./verb.ts";

/** Every command, in the order of the help. */
export const VERBS: readonly Verb[] = [
  serveVerb,
  demoVerb,
  chatVerb,
  toolsVerb,
  callVerb,
  schemaVerb,
  diffVerb,
  usageVerb,
  ...versionVerbs,
  ...auditVerbs,
  ...keyVerbs,
  ...secretVerbs,
  ...outcomesVerbs,
  ...configVerbs,
  backupVerb,
  restoreVerb,
  exportVerb,
  importVerb,
];

/** Groups of commands, by the first word of verbs of two; one without a verb is not shown. */
const GROUPS: readonly VerbGroup[] = [
  { name: "versions", summary: "look after published versions: their states, channels and rollouts" },
  { name: "audit", summary: "verify, read and keep the audit trail" },
  { name: "keys", summary: "create, list, revoke and rotate API keys" },
  { name: "secrets", summary: "keep secrets that tools use" },
  { name: "outcomes", summary: "list and resolve calls whose effect is not known" },
  { name: "config", summary: "print and check the configuration" },
];

/** Runs one command line (`argv` without node and script) and resolves to the exit code. Never rejects. */
export async function runCli(argv: readonly string[], io: CliIo, version: string): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(io, version, async (verb, typed) => {
    const { options } = typed;
    const session = {
      io,
      version,
      output: createOutput(io, options["json"] === true),
      config: options["config"] as string | undefined,
      data: options["data"] as string | undefined,
    };
    exitCode = await runVerb(verb, session, typed);
  });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, argv, io);
  }
}

type Run = (verb: Verb, typed: Typed) => Promise<void>;

function createProgram(io: CliIo, version: string, run: Run): Command {
  const colors = createColors(hasColors(io.stdout, io.env));
  const program = new Command("toolyard")
    .description("Tools for LLM agents: register, authorise, limit, call and measure them.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureHelp({ styleTitle: (title) => colors.bold(title) })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Errors are reported by `report`, in one form for all.
      writeErr: () => {},
      getOutHelpWidth: () => toColumns(io),
      getOutHasColors: () => hasColors(io.stdout, io.env),
    });
  const groups = new Map<string, Command>();
  for (const verb of VERBS) {
    const parent = verb.name.includes(" ") ? toGroup(verb.name.split(" ")[0] as string, program, groups) : program;
    parent.addCommand(toCommand(verb, run).copyInheritedSettings(program));
  }
  const codes = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`);
  return program.addHelpText("after", `\nExit codes:\n${codes.join("\n")}`);
}

/** The command of a group, added to the program before the first command of the group is. */
function toGroup(name: string, program: Command, groups: Map<string, Command>): Command {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = GROUPS.find((candidate) => candidate.name === name);
  invariant(group !== undefined, `the group ${name} is declared`);
  const command = toGroupCommand(group).copyInheritedSettings(program);
  groups.set(name, command);
  program.addCommand(command);
  return command;
}

/** Tells what went wrong, as text or, with `--json`, as the document `{ error }`; resolves to the exit code. */
function report(error: unknown, argv: readonly string[], io: CliIo): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const { code, message, problems = [], exitCode } = describe(error);
  if (argv.includes("--json")) {
    createOutput(io, true).data({ error: { code, message, problems } });
  } else {
    const { red } = createColors(hasColors(io.stderr, io.env));
    io.stderr.write(`${red("error:")} ${toSafeText(message)}\n`);
  }
  // The stack of the parser's own errors says nothing of where, and repeats what it was given.
  if (argv.includes("--debug") && error instanceof Error && !(error instanceof CommanderError)) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      io.stderr.write(`${toSafeText(cause.stack ?? "")}\n`);
  }
  return exitCode ?? (FAILURES.includes(code) ? EXIT.refused : EXIT.usage);
}

/** What is no fault of the command line or the configuration. */
const FAILURES: readonly string[] = ["MODEL_FAILED", "CONVERSION_REFUSED", "INTERNAL"];

interface Described {
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly Problem[];
  /** Where it does not follow from the code. */
  readonly exitCode?: ExitCode;
}

function describe(error: unknown): Described {
  if (error instanceof ToolyardError || error instanceof RemoteError) return error;
  if (error instanceof CliError) return { code: "USAGE", message: error.message };
  if (error instanceof CommanderError) return { code: "USAGE", message: `${toUsageMessage(error)}${HELP_HINT}` };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "INTERNAL", message: `unexpected: ${message} (--debug prints where)` };
}

function toUsageMessage({ code, message }: CommanderError): string {
  const text = message.replace(/^error: /, "");
  // What was one too many may be a secret, where somebody took a command to expect it: it is not repeated.
  return code === "commander.excessArguments" ? text.replace(/(but got \d+): .*$/s, "$1.") : text;
}

const HELP_HINT = "\n(toolyard --help lists what is accepted)";
