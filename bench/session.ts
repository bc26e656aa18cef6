// One run of the benchmark: its parts one after another, what is printed, and the exit code.
import type { Command } from "./command.ts";
import { toExitCode, toRow, type Figure } from "./figures.ts";
import { PARTS, type PartName } from "./parts.ts";
import type { Settings } from "./settings.ts";
import { formatPart } from "./table.ts";

/** What a session does its work with. */
export interface Surroundings {
  /** Rejects when the part cannot be measured. */
  readonly runPart: (name: PartName, settings: Settings) => Promise<readonly Figure[]>;
  /** Why a part is left out, and what to do; null when it is not. */
  readonly toHint: (name: PartName) => string | null;
  /** Machine and rounds, for people. */
  readonly conditions: string;
  /** Writes a line of the result. */
  readonly print: (line: string) => void;
  /** Writes a line of progress, which is no part of the result. */
  readonly tell: (line: string) => void;
  /** Keeps the whole table for readers of the documentation. */
  readonly keep: (table: string) => void;
}

/** Runs the parts asked for. Resolves to 1 when a goal does not hold or a part could not be measured, otherwise to 0. */
export async function runSession(
  { json, write, parts, settings }: Command,
  surroundings: Surroundings,
): Promise<0 | 1> {
  const { runPart, toHint, conditions, print, tell, keep } = surroundings;
  const figures: Figure[] = [];
  let failed = false;
  const tables: string[] = [conditions];
  if (!json) print(`${conditions}\n`);
  for (const name of parts) {
    const hint = toHint(name);
    if (hint !== null) {
      tell(hint);
      continue;
    }
    tell(`measuring ${name} …`);
    try {
      const measured = await runPart(name, settings);
      figures.push(...measured);
      const table = formatPart(PARTS[name].title, measured);
      tables.push(table);
      if (!json) print(`${table}\n`);
    } catch (error) {
      // What could not be measured is no goal met; the other parts still tell something.
      failed = true;
      tell(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (json) print(JSON.stringify(figures.map(toRow), null, 2));
  if (write) keep(tables.join("\n\n"));
  return failed ? 1 : toExitCode(figures);
}
