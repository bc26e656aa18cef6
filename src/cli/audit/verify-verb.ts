// `toolyard audit verify`: whether the trail is what was written.
import { resolve } from "node:path";
import { Option } from "commander";
import { type ScannedChain, verifyChains, type VerifyResult } from "../../audit/chain/index.ts";
import { readHeadFile } from "../../stores/file/index.ts";
import { EXIT } from "../exit-code.ts";
import { type Output, toSafeLine } from "../output/index.ts";
import type { Session, Verb, VerbOptions } from "../verb.ts";
import { createKeyOption, readKeyOption } from "./audit-key-option.ts";
import { openStateForReading } from "../state.ts";
import { runInterruptibly } from "./interruption.ts";
import { createProgressLine } from "./progress.ts";
import { toIso } from "./record-text.ts";

export const auditVerifyVerb: Verb = {
  name: "audit verify",
  summary: "check every record of the audit trail; exits 1 when something is wrong",
  arguments: [],
  options: [
    new Option("--anchors <file>", "also check that the chains still have the heads in this file"),
    createKeyOption(),
  ],
  examples: [
    { command: "audit verify", does: "what the records and the chains say by themselves" },
    { command: "audit verify --anchors /mnt/other/heads.jsonl", does: "and what was taken from the end of a chain" },
  ],
  async run(session, _args, options) {
    await using state = await openStateForReading(session);
    const verified = await runInterruptibly(session.io, (signal) =>
      verifyTrail(session, options, state.auditReader, signal),
    );
    if (verified === null) return EXIT.interrupted;
    const { result, skipped } = verified;
    if (session.output.json) session.output.data({ ...result, skippedAnchors: skipped });
    else printResult(session.output, result);
    return result.ok ? EXIT.ok : EXIT.refused;
  },
};

export interface VerifiedTrail {
  readonly result: VerifyResult;
  /** Lines of the file of anchors that have no heads. */
  readonly skipped: number;
}

/** Verifies with what the options say, and tells on the error stream how far it has come. */
export async function verifyTrail(
  session: Session,
  options: VerbOptions,
  reader: Parameters<typeof verifyChains>[0],
  signal: AbortSignal,
): Promise<VerifiedTrail> {
  const { io, output } = session;
  const key = await readKeyOption(session, options);
  const file = options["anchors"] as string | undefined;
  const progress = createProgressLine(io);
  let skipped = 0;
  const onSkipped = (): void => {
    skipped++;
  };
  try {
    const result = await verifyChains(reader, {
      ...(key && { key }),
      ...(file !== undefined && { anchors: readHeadFile(resolve(io.cwd, file), { onSkipped }) }),
      signal,
      onProgress: ({ records, total }) =>
        progress.show(`verifying: ${toNumber(records)} of ${toNumber(total)} records`),
    });
    return { result, skipped };
  } finally {
    progress.clear();
    if (skipped > 0) output.note(output.colors.yellow(`${skipped} lines of ${toSafeLine(file ?? "")} have no heads`));
  }
}

/** Prints what was found: the chains, what is wrong with them, and a line that says it all. */
export function printResult(output: Output, result: VerifyResult): void {
  const { colors } = output;
  const { chains, records, problems, problemCount } = result;
  if (chains.length > 0) printChains(output, chains);
  for (const { kind, writer, seq, expected, received } of problems) {
    const where = seq === null ? writer : `${writer}, record ${seq}`;
    output.line(`${colors.red(kind)}  ${toSafeLine(where)}`);
    output.paragraph(`expected ${expected}, received ${received}`, 2);
  }
  if (problemCount > problems.length) output.line(`… and ${toNumber(problemCount - problems.length)} more`);
  const trail = `${toCount(records, "record")} in ${toCount(chains.length, "chain")}`;
  if (result.ok) output.line(`${colors.green("ok")}  ${trail}, nothing changed, taken out or put in`);
  else output.line(colors.red(`${toCount(problemCount, "problem")} in ${trail}`));
}

function printChains(output: Output, chains: readonly ScannedChain[]): void {
  output.table(
    [
      { title: "chain" },
      { title: "records", align: "right" },
      { title: "from" },
      { title: "until" },
      { title: "hashes" },
      { title: "end" },
    ],
    chains.map(({ writer, records, from, until, mode, closed }) => [
      { text: writer, paint: output.colors.cyan },
      toNumber(records),
      from === null ? "" : toIso(from),
      until === null ? "" : toIso(until),
      mode ?? "unknown",
      closed ? "closed" : "open",
    ]),
  );
}

/** A number as people read it. */
function toNumber(value: number): string {
  return value.toLocaleString("en-US");
}

/** How many of something. */
export function toCount(count: number, thing: string): string {
  return `${toNumber(count)} ${thing}${count === 1 ? "" : "s"}`;
}
