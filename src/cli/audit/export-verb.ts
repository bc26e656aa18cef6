// `toolyard audit export`: events, or whole chains, as lines to the standard output or a file, however many there are.
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import type { AuditFilter, AuditReader, ChainRecord } from "../../index.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import type { CliIo } from "../io.ts";
import { toJsonText } from "../output/index.ts";
import type { Session, Verb } from "../verb.ts";
import { openStateForReading } from "../state.ts";
import { CSV_HEADER, toCsvLine } from "./csv.ts";
import { createFilterOptions, toFilter } from "./filter-options.ts";
import { runInterruptibly } from "./interruption.ts";
import { createProgressLine } from "./progress.ts";
import { toRecordData } from "./record-text.ts";
import { toCount } from "./verify-verb.ts";

const PAGE = 500;

export const auditExportVerb: Verb = {
  name: "audit export",
  summary: "write events of the audit trail as JSON Lines or CSV, oldest first",
  arguments: [],
  options: [
    ...createFilterOptions(),
    new Option("--format <format>", "a line of JSON for each event, or a table for spreadsheets")
      .choices(["jsonl", "csv"])
      .default("jsonl"),
    new Option("--out <file>", "into a new file rather than to the standard output"),
    new Option("--all", "whole chains one after another, with what holds them together, so that they can be verified"),
  ],
  examples: [
    { command: "audit export --since 2026-11-01 --until 2026-12-01 --format csv --out november.csv", does: "a month" },
    { command: "audit export --all > trail.jsonl", does: "everything there is" },
  ],
  async run(session, _args, options) {
    const { io, output } = session;
    const filter = toFilter(options, io.clock.now());
    const isWhole = options["all"] === true;
    const isCsv = options["format"] === "csv";
    if (isWhole && (isCsv || Object.keys(filter).length > 0))
      throw new CliError("--all writes every record as JSON Lines: it goes with neither --format csv nor a filter");
    await using state = await openStateForReading(session);
    const file = options["out"] as string | undefined;
    const records = await runInterruptibly(io, async (signal) => {
      await using target = await openTarget(io, file);
      const pages = isWhole ? readChains(state.auditReader) : readEvents(state.auditReader, filter);
      // Awaited here: the file is closed when this returns.
      return await writePages(session, pages, isCsv, target, signal);
    });
    if (records === null) return EXIT.interrupted;
    if (file === undefined) return EXIT.ok;
    if (output.json) output.data({ file: resolve(io.cwd, file), records });
    else output.note(`${toCount(records, "record")} in ${file}`);
    return EXIT.ok;
  },
};

type Pages = AsyncIterable<readonly ChainRecord[]>;

async function* readEvents(reader: AuditReader, filter: AuditFilter): AsyncGenerator<readonly ChainRecord[]> {
  let cursor: string | null = null;
  do {
    const page = await reader.search(filter, "oldest", cursor, PAGE);
    yield page.records;
    cursor = page.cursor;
  } while (cursor !== null);
}

async function* readChains(reader: AuditReader): AsyncGenerator<readonly ChainRecord[]> {
  // Up to where the chains end now: while others write there would be no end.
  for (const { writer, seq } of await reader.chains()) {
    for (let last = 0; last < seq;) {
      const page = (await reader.chain(writer, last, PAGE)).filter((record) => record.seq <= seq);
      if (page.length === 0) break;
      yield page;
      last = (page.at(-1) as ChainRecord).seq;
    }
  }
}

async function writePages(
  { io }: Pick<Session, "io">,
  pages: Pages,
  isCsv: boolean,
  target: Target,
  signal: AbortSignal,
): Promise<number> {
  const progress = createProgressLine(io);
  let records = 0;
  try {
    if (isCsv) await target.write(CSV_HEADER);
    for await (const page of pages) {
      signal.throwIfAborted();
      const lines = page.map((record) => (isCsv ? toCsvLine(record) : `${toJsonText(toRecordData(record), 0)}\n`));
      await target.write(lines.join(""));
      records += page.length;
      await progress.show(toCount(records, "record"));
    }
    return records;
  } finally {
    progress.clear();
  }
}

interface Target extends AsyncDisposable {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
}

async function openTarget({ cwd, stdout }: CliIo, file: string | undefined): Promise<Target> {
  if (file !== undefined) return openFileTarget(await openNew(resolve(cwd, file), file));
  return {
    write: (text) =>
      new Promise((done, fail) => {
        stdout.write(text, (error) => {
          if (error) fail(error);
          else done();
        });
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function openFileTarget(handle: FileHandle): Target {
  return {
    async write(text) {
      await handle.appendFile(text);
    },
    async [Symbol.asyncDispose]() {
      await handle.close();
    },
  };
}

/** A file that was not there: an export is not written over. Others cannot read it. */
async function openNew(path: string, given: string): Promise<FileHandle> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "there is such a file already; expected the name of a new one" : message;
    throw new CliError(`--out ${given}: ${reason}`, { cause: error });
  }
}
