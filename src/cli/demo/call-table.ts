// Calls and what came of them, as a table.
import type { Outcome } from "../../index.ts";
import { formatDuration } from "../../kernel/duration.ts";
import { type Output, toInlineJson } from "../output/index.ts";

/** What was called, what came of it, and what to say of that: its output, or its code and message, unless said otherwise. */
export type CallRow = readonly [call: string, outcome: Outcome, seen?: string | undefined];

/** One row for each call. */
export function showCalls({ table, colors }: Output, rows: readonly CallRow[]): void {
  table(
    [
      { title: "" },
      { title: "call", overflow: "wrap" },
      { title: "took", align: "right" },
      { title: "tries", align: "right" },
      { title: "what the caller sees", overflow: "wrap" },
    ],
    rows.map(([call, outcome, seen]) => [
      outcome.ok ? { text: "✓", paint: colors.green } : { text: "✗", paint: colors.red },
      call,
      formatDuration(outcome.meta.durationMs),
      String(outcome.meta.attempts),
      seen ?? toSeen(outcome),
    ]),
  );
}

function toSeen(outcome: Outcome): string {
  if (outcome.ok) return toInlineJson(outcome.output);
  const { code, toolCode, message } = outcome.error;
  return `${toolCode ?? code}: ${message}`;
}
