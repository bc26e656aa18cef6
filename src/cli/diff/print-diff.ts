// A contract diff for people: a table of the changes, the texts that models read in full, and whether the version tells.
import type { BumpCheck, ChangeClass, ContractChange, ContractDiff, ToolVersion } from "../../index.ts";
import { type Output, type Paint, toJsonText, toSafeLine } from "../output/index.ts";

export interface Compared {
  readonly before: ToolVersion;
  readonly after: ToolVersion;
  readonly diff: ContractDiff;
  readonly check: BumpCheck;
}

/** Longer texts are cut: the file has all of it. */
const MAX_TEXT = 2_000;

/** Prints what was compared. */
export function printDiff(output: Output, { before, after, diff, check }: Compared): void {
  const { colors } = output;
  const paints: Readonly<Record<ChangeClass, Paint>> = {
    breaking: colors.red,
    widening: colors.green,
    instruction: colors.yellow,
    cosmetic: colors.dim,
  };
  output.line(colors.bold(`${toSafeLine(toRef(before))} → ${toSafeLine(toRef(after))}`));
  if (diff.changes.length === 0) {
    output.line("nothing has changed but the version");
  } else {
    output.table(
      [{ title: "class" }, { title: "where", overflow: "wrap" }, { title: "what", overflow: "wrap" }],
      diff.changes.map((change) => [
        { text: change.class, paint: paints[change.class] },
        change.path === "" ? "/" : change.path,
        change.message,
      ]),
    );
    for (const change of diff.changes) if (change.class === "instruction") printText(output, change);
  }
  output.line(
    check.ok
      ? `${colors.green("ok")}  ${toVerdict(diff, check)}`
      : `${colors.red("too small")}  ${toSafeLine(check.message)}`,
  );
}

/** What models read before and after, for whoever has to approve it. */
function printText(output: Output, { path, before, after }: ContractChange): void {
  output.line(output.colors.dim(`  ${toSafeLine(path)}`));
  for (const [sign, value] of [
    ["-", before],
    ["+", after],
  ] as const) {
    if (value === undefined) continue;
    const text = typeof value === "string" ? value : toJsonText(value, 0);
    output.paragraph(`${sign} ${text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text}`, 4);
  }
}

function toVerdict({ bump }: ContractDiff, { required, smallest }: BumpCheck): string {
  if (required === "none") return "no step is needed";
  const beneath = bump === required ? "" : ` (${bump} from 1.0.0 on)`;
  return `a ${required} step is needed${beneath}, ${smallest} at least`;
}

function toRef({ name, version }: ToolVersion): string {
  return `${name}@${version}`;
}
