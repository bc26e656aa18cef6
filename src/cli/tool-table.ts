// Tools as a table, of a project or of a server.
import { findNearest } from "../kernel/nearest.ts";
import { CliError } from "./cli-error.ts";
import type { Cell, Column, Output } from "./output/index.ts";

/** What is shown of a tool. */
interface ToolRow {
  readonly name: string;
  readonly version: string;
  readonly status: string;
  readonly effect: string;
  readonly description: string;
}

/** `toWho`: who may call a tool; null where that is not known. */
export function printTools<T extends ToolRow>(
  { table, line, colors }: Output,
  tools: readonly T[],
  toWho: ((tool: T) => string) | null,
): void {
  const who: readonly Column[] = toWho === null ? [] : [{ title: "who" }];
  table(
    [
      ...[{ title: "tool" }, { title: "version" }, { title: "effect" }, ...who],
      { title: "description", overflow: "wrap" },
    ],
    tools.map((tool): readonly Cell[] => [
      { text: tool.name, paint: colors.cyan },
      tool.status === "active" ? tool.version : `${tool.version} (${tool.status})`,
      tool.effect,
      ...(toWho === null ? [] : [toWho(tool)]),
      tool.description,
    ]),
  );
  line(colors.dim(toCount(tools.length, "tool")));
}

/** Throws a CliError for a category or tag that none of `tools` has: an empty list would look as if it existed. */
export function assertUsed(
  tools: readonly { readonly category: string; readonly tags: readonly string[] }[],
  { category, tag }: { readonly category: string | undefined; readonly tag: string | undefined },
): void {
  assertKnown("category", category, new Set(tools.map((tool) => tool.category)));
  assertKnown("tag", tag, new Set(tools.flatMap((tool) => tool.tags)));
}

function assertKnown(what: string, value: string | undefined, known: ReadonlySet<string>): void {
  if (value === undefined || known.has(value)) return;
  const near = findNearest(value, known, 1)[0];
  const hint = near === undefined ? `there are: ${[...known].toSorted().join(", ")}` : `did you mean ${near}?`;
  throw new CliError(`--${what}: no tool has the ${what} ${JSON.stringify(value)}; ${hint}`);
}

export function toCount(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
