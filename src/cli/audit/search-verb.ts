// `toolyard audit search`: events, newest first, a page at a time.
import { Option } from "commander";
import { EXIT } from "../exit-code.ts";
import { type Output, toSafeLine } from "../output/index.ts";
import { toInteger, type Verb } from "../verb.ts";
import type { ChainRecord } from "../../index.ts";
import { openStateForReading } from "../state.ts";
import { createFilterOptions, toFilter } from "./filter-options.ts";
import { isBad, toRecordData, toRecordText } from "./record-text.ts";

export const auditSearchVerb: Verb = {
  name: "audit search",
  summary: "find events of the audit trail, newest first",
  arguments: [],
  options: [
    ...createFilterOptions(),
    new Option("--oldest", "oldest first"),
    new Option("--limit <n>", "at most so many").argParser(toInteger(1, 10_000)).default(50),
    new Option("--after <cursor>", "go on where an earlier search ended"),
  ],
  examples: [
    { command: "audit search --since 1h --kind call.refused", does: "what was refused in the last hour" },
    { command: "audit search --call call_abc_1 --json", does: "everything about one call, with arguments" },
  ],
  async run(session, _args, options) {
    const { io, output } = session;
    await using state = await openStateForReading(session);
    const { records, cursor } = await state.auditReader.search(
      toFilter(options, io.clock.now()),
      options["oldest"] === true ? "oldest" : "newest",
      (options["after"] as string | undefined) ?? null,
      options["limit"] as number,
    );
    if (output.json) {
      output.data({ records: records.map(toRecordData), cursor });
      return EXIT.ok;
    }
    if (records.length === 0) output.line("No events.");
    else printRecords(output, records);
    if (cursor !== null) output.line(output.colors.dim(`There are more: --after ${toSafeLine(cursor)}`));
    return EXIT.ok;
  },
};

function printRecords(output: Output, records: readonly ChainRecord[]): void {
  const { colors } = output;
  output.table(
    [
      { title: "time" },
      { title: "kind" },
      { title: "tool" },
      { title: "principal" },
      { title: "result" },
      { title: "call", overflow: "wrap" },
    ],
    records.map((record) => {
      const { time, kind, tool, principal, result, call } = toRecordText(record);
      const shown = isBad(kind) ? { text: kind, paint: colors.red } : kind;
      return [time, shown, { text: tool, paint: colors.cyan }, principal, result, call];
    }),
  );
}
