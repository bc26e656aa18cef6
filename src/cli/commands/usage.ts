// `toolyard usage`: the monitoring report, from the audit trail of the configuration.
import { existsSync, statSync } from "node:fs";
import { Option } from "commander";
import { type AuditEvent, formatUsage } from "../../index.ts";
import { readAuditFile } from "../../stores/file/index.ts";
import { readTrailUsage } from "../audit-usage.ts";
import { CliError } from "../cli-error.ts";
import { parseDuration } from "../duration-option.ts";
import { loadSessionConfig } from "../load-session-config.ts";
import { EXIT } from "../exit-code.ts";
import { hasState, requireConfig, toAuditPath } from "../project.ts";
import { findPlace } from "../state.ts";
import { printStoredUsage, USAGE_BY } from "../stored-usage.ts";
import { createUrlOption, type Session, type Verb } from "../verb.ts";

export const usageVerb: Verb = {
  name: "usage",
  summary: "print what was called, how often and how long it took",
  arguments: [],
  options: [
    new Option("--since <duration>", "only calls of the last 90s, 15m, 1h, 7d …; without it, all of them").argParser(
      parseDuration,
    ),
    new Option("--tool <name>", "only this tool"),
    new Option("--by <what>", "what a row is for, where there is a state; without it, tool").choices([...USAGE_BY]),
    createUrlOption(),
  ],
  examples: [
    { command: "usage", does: "everything that is kept" },
    { command: "usage --since 1h --by principal", does: "who called in the last hour; needs a state" },
    { command: "usage --since 1h --json", does: "the last hour, for programs" },
  ],
  remote: {
    refuses: [],
    run: async (...asked) => (await import("../remote/usage.ts")).printUsageRemotely(...asked),
  },
  async run(session, _args, options) {
    if (await isKept(session)) return printStoredUsage(session, options);
    const { output, io } = session;
    const loaded = await requireConfig(session);
    const path = toAuditPath(loaded);
    if (path === null) {
      throw new CliError(
        `${loaded.file}: usage is read from the state or the audit trail, and neither is configured; add state: {} or audit: { path: "audit.jsonl" }`,
      );
    }
    if (options["by"] !== undefined) throw new CliError("--by needs a state; add state: {} to the configuration");
    if (!existsSync(path)) throw new CliError(`${path}: there is no audit trail yet; it begins with the first call`);
    const until = io.clock.now();
    const since = options["since"] === undefined ? 0 : until - (options["since"] as number);
    let skipped = 0;
    const events = readTrail(path, () => {
      skipped++;
    });
    const { tools, calls } = await readTrailUsage(events, since, until);
    if (skipped > 0) output.note(output.colors.yellow(`${skipped} lines of the trail are no events and were skipped`));
    const wanted = options["tool"] as string | undefined;
    const shown = wanted === undefined ? tools : tools.filter(({ tool }) => tool === wanted);
    if (output.json) {
      output.data({ path, calls, skipped, tools: shown });
    } else if (shown.length === 0) {
      output.line(
        wanted === undefined ? "No calls in this time." : `No calls of ${JSON.stringify(wanted)} in this time.`,
      );
    } else {
      output.text(shown.map(formatUsage).join("\n\n"));
    }
    return EXIT.ok;
  },
};

/** Whether there is a state, which knows more than a file. */
async function isKept(session: Session): Promise<boolean> {
  const loaded = await loadSessionConfig(session);
  if (loaded === null) return isDirectory((await findPlace(session)).dir);
  return hasState(loaded, session);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The events of the trail, oldest first, with the full files that were set aside (`audit.jsonl.2`, `audit.jsonl.1`). */
async function* readTrail(path: string, onSkipped: () => void): AsyncGenerator<AuditEvent> {
  const files = [path];
  for (let index = 1; existsSync(`${path}.${index}`); index++) files.unshift(`${path}.${index}`);
  for (const file of files) yield* readAuditFile(file, { onSkipped });
}
