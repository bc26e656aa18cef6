// `toolyard audit tail`: the last events, and with `--follow` those that come.
import { Option } from "commander";
import type { AuditFilter, AuditReader, ChainRecord } from "../../index.ts";
import { wait } from "../demo/wait.ts";
import { EXIT } from "../exit-code.ts";
import { type Session, toInteger, type Verb } from "../verb.ts";
import { openStateForReading } from "../state.ts";
import { createTextOptions, toFilter } from "./filter-options.ts";
import { readNew, toPosition, type TrailPosition } from "./follow-trail.ts";
import { runInterruptibly } from "./interruption.ts";
import { toRecordData, toRecordLine } from "./record-text.ts";

const POLL_MS = 500;

export const auditTailVerb: Verb = {
  name: "audit tail",
  summary: "print the last events of the audit trail, oldest first",
  arguments: [],
  options: [
    new Option("-n, --lines <n>", "how many").argParser(toInteger(0, 10_000)).default(20),
    new Option("-f, --follow", "go on with events as they come; Ctrl-C ends it"),
    ...createTextOptions(),
  ],
  examples: [
    { command: "audit tail", does: "the last 20 events" },
    { command: "audit tail --follow --tool orders.refund", does: "every refund as it happens" },
    { command: "audit tail -n 0 -f --json", does: "a line of JSON for each new event" },
  ],
  async run(session, _args, options) {
    await using state = await openStateForReading(session);
    const filter = toFilter(options, session.io.clock.now());
    // First where the chains end: what is written from here on is new.
    const position = toPosition(await state.auditReader.chains());
    const lines = options["lines"] as number;
    if (lines > 0) await printLast(session, state.auditReader, filter, lines, position);
    if (options["follow"] === true) {
      await runInterruptibly(session.io, (signal) => follow(session, state.auditReader, filter, position, signal));
    }
    return EXIT.ok;
  },
};

async function printLast(
  session: Session,
  reader: AuditReader,
  filter: AuditFilter,
  lines: number,
  position: TrailPosition,
): Promise<void> {
  const { records } = await reader.search(filter, "newest", null, lines);
  const known = records.filter(({ writer, seq }) => seq <= (position.get(writer) ?? 0));
  for (const record of known.toReversed()) print(session, record);
}

async function follow(
  { io, ...session }: Session,
  reader: AuditReader,
  filter: AuditFilter,
  position: TrailPosition,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { records, more } = await readNew(reader, position, filter);
    for (const record of records) print({ io, ...session }, record);
    if (more) signal.throwIfAborted();
    else await wait(io.clock, POLL_MS, signal);
  }
}

function print({ output }: Session, record: ChainRecord): void {
  if (output.json) output.dataLine(toRecordData(record));
  else output.line(toRecordLine(record, output));
}
