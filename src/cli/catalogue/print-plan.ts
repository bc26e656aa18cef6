// What an import changes, as people read it: one line for each thing, and below it what differs.
import type { FieldChange, ImportChange, ImportPlan } from "../../catalogue-file/index.ts";
import { type Output, toJsonText, toSafeLine } from "../output/index.ts";

/** Fields of one thing that are shown; a tool with more has changed as a whole. */
const MAX_FIELDS = 40;
const MAX_VALUE = 200;

/** Prints the changes of a plan. */
export function printPlan(output: Output, plan: ImportPlan): void {
  for (const change of plan.changes) printChange(output, change);
}

function printChange(output: Output, { change, what, name, fields }: ImportChange): void {
  const { colors } = output;
  const paint = { added: colors.green, changed: colors.yellow, removed: colors.red }[change];
  output.line(`${paint(`${SIGNS[change]} ${change.padEnd(7)}`)}  ${what} ${toSafeLine(name)}`);
  for (const field of fields.slice(0, MAX_FIELDS)) output.line(`    ${toFieldText(field)}`);
  if (fields.length > MAX_FIELDS) output.line(colors.dim(`    … and ${fields.length - MAX_FIELDS} more fields`));
}

const SIGNS = { added: "+", changed: "~", removed: "-" } as const;

function toFieldText({ field, before, after }: FieldChange): string {
  return toSafeLine(`${field === "" ? "all of it" : field}: ${toText(before)} → ${toText(after)}`);
}

function toText(value: FieldChange["before"]): string {
  if (value === undefined) return "nothing";
  const text = toJsonText(value, 0);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}

/** What a plan comes to, in one line. */
export function toSummary({ changes, unchanged, left }: ImportPlan): string {
  const count = (kind: ImportChange["change"]): number => changes.filter(({ change }) => change === kind).length;
  const parts = [
    `${count("added")} added`,
    `${count("changed")} changed`,
    `${count("removed")} removed`,
    `${unchanged} as they are`,
  ];
  return [...parts, ...(left > 0 ? [`${left} not in the file, and left alone`] : [])].join(", ");
}
