// The usage that the state keeps, as a table.
import { readUsageHistory, type UsageHistoryFilter, type UsageHistoryRow } from "../index.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import type { Cell, Column } from "./output/index.ts";
import { openStateForReading } from "./state.ts";
import type { Session, VerbOptions } from "./verb.ts";

export const USAGE_BY: readonly NonNullable<UsageHistoryFilter["by"]>[] = [
  "tool",
  "version",
  "principal",
  "tenant",
  "time",
];

const DAY_MS = 86_400_000;

/** Prints what the state keeps of what the options of `toolyard usage` ask for. */
export async function printStoredUsage(session: Session, options: VerbOptions): Promise<ExitCode> {
  await using state = await openStateForReading(session);
  const filter = toUsageFilter(session, options);
  printUsageRows(session, filter, await readUsageHistory(state.usage, filter, filter.until));
  return EXIT.ok;
}

type AskedUsage = UsageHistoryFilter & Required<Pick<UsageHistoryFilter, "by" | "grain" | "from" | "until">>;

/** What the options of `toolyard usage` ask for. */
export function toUsageFilter({ io }: Session, options: VerbOptions): AskedUsage {
  const until = io.clock.now() + 1;
  const since = options["since"] as number | undefined;
  const tool = options["tool"] as string | undefined;
  const by = (options["by"] as UsageHistoryFilter["by"]) ?? "tool";
  return {
    by,
    // Minutes are kept for a day.
    grain: since !== undefined && since <= DAY_MS ? "minute" : "hour",
    from: since === undefined ? 0 : Math.max(0, until - since),
    until,
    ...(tool !== undefined && { tool }),
  };
}

export function printUsageRows({ output }: Session, filter: AskedUsage, rows: readonly UsageHistoryRow[]): void {
  const { from, until, grain, by, tool } = filter;
  if (output.json) output.data({ from, until, grain, by, rows });
  else if (rows.length === 0)
    output.line(tool === undefined ? "No calls in this time." : `No calls of ${JSON.stringify(tool)} in this time.`);
  else output.table([{ title: by, overflow: "wrap" }, ...COLUMNS], rows.map(toCells));
}

const COLUMNS: readonly Column[] = ["calls", "ok", "failed", "refused", "avg ms", "p95 ms", "p99 ms", "max ms"].map(
  (title) => ({
    title,
    align: "right",
  }),
);

function toCells(row: UsageHistoryRow): readonly Cell[] {
  return [
    toName(row),
    String(row.calls),
    row.calls === 0 ? "" : `${((row.succeeded / row.calls) * 100).toFixed(1)} %`,
    String(row.failed),
    String(row.refused),
    ...[row.averageMs, row.p95Ms, row.p99Ms, row.maxMs].map(toMs),
  ];
}

function toName({ start, tool, version, tenant, principal }: UsageHistoryRow): string {
  if (start !== null) return new Date(start).toISOString().slice(0, 16).replace("T", " ");
  if (tool !== null) return version === null || version === "" ? tool : `${tool}@${version}`;
  return principal === null ? (tenant ?? "") : `${tenant}/${principal}`;
}

function toMs(value: number | null): string {
  if (value === null) return "";
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
