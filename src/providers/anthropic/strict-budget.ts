// Which tools of a request are strict. The API refuses a request whose strict tools together are more than it compiles:
// tools that have to be strict come first, then those that had better be, each by name, and the registry's own last.
// INVARIANT: the strict tools of one budget are within the limits, whatever is admitted and when; which ones they are
// depends on the set alone, not on its order: strict-budget.test.ts.
import { READER_NAME } from "../../core/results/reader.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { ConversionOptions, ConvertedTool, Converter } from "../converter.ts";
import type { Convert, NamedTool } from "../offer.ts";
import { type StrictMode, type StrictOption, toMode } from "../strict-mode.ts";

/** What the strict tools of a request may come to: https://platform.claude.com/docs/en/build-with-claude/structured-outputs. */
export const STRICT_LIMITS: { readonly tools: number; readonly optionals: number; readonly unions: number } =
  Object.freeze({ tools: 20, optionals: 24, unions: 16 });

type Limited = keyof typeof STRICT_LIMITS;

const WORDS: Readonly<Record<Limited, string>> = {
  tools: "strict tools",
  optionals: "optional parameters",
  unions: "parameters of several types",
};

/** Limits that differ from one request to the next are none of a tool: a budget is made for each request. */
export interface StrictBudget {
  /** The tool, strict if that is asked for, possible, and within what is left; the rest is taken from the budget. */
  admit<WireTool>(
    tool: ToolDescription,
    convert: Converter<WireTool>,
    options: ConversionOptions,
  ): ConvertedTool<WireTool>;
}

/** A budget of which nothing is used. */
export function createStrictBudget(): StrictBudget {
  const used: Record<Limited, number> = { tools: 0, optionals: 0, unions: 0 };
  return {
    admit(tool, convert, options) {
      const converted = convert(tool, options);
      if (!converted.strict) return converted;
      const { optionals, unions } = converted.cost;
      const own: Readonly<Record<Limited, number>> = { tools: 1, optionals, unions };
      const reason = findExcess(used, own);
      if (reason !== null) {
        const loose = convert(tool, { ...options, mode: "off" });
        return { ...loose, reason, mustBeStrict: converted.mustBeStrict };
      }
      for (const limited of keys()) used[limited] += own[limited];
      return converted;
    },
  };
}

function keys(): readonly Limited[] {
  return Object.keys(STRICT_LIMITS) as Limited[];
}

/** Why what a tool takes does not fit any more; null when it does. */
function findExcess(used: Readonly<Record<Limited, number>>, own: Readonly<Record<Limited, number>>): string | null {
  const passed = keys().filter((limited) => used[limited] + own[limited] > STRICT_LIMITS[limited]);
  if (passed.length === 0) return null;
  const parts = passed.map((limited) => {
    const limit = STRICT_LIMITS[limited];
    return `${used[limited] + own[limited]} ${WORDS[limited]} with this tool's ${own[limited]}, ${used[limited] + own[limited] - limit} more than the ${limit}`;
  });
  return `${parts.join(", and ")} that the strict tools of one request may have`;
}

interface Turn extends NamedTool {
  readonly mode: StrictMode;
  readonly index: number;
  /** Whose turn comes first: the lower. */
  readonly rank: number;
}

/** Several tools at once, all calls within one budget: for one binding, or one request. `what` is for errors. */
export function createBudgetedConvert<WireTool>(
  what: string,
  convert: Converter<WireTool>,
  strict: StrictOption,
): Convert<WireTool> {
  const budget = createStrictBudget();
  return (tools) => {
    const turns = tools.map((named, index) => toTurn(named, index, toMode(what, strict, named.tool)));
    const converted = new Map<number, ConvertedTool<WireTool>>();
    for (const { tool, wireName, deferred, mode, index } of turns.toSorted(byTurn)) {
      converted.set(index, budget.admit(tool, convert, { wireName, deferred, mode }));
    }
    return turns.flatMap(({ index }) => converted.get(index) ?? []);
  };
}

function toTurn(named: NamedTool, index: number, mode: StrictMode): Turn {
  // The registry's own tool is there once a result was too long; it must not take the place of a tool that is the host's.
  if (named.tool.name === READER_NAME) return { ...named, index, mode: mode === "require" ? "prefer" : mode, rank: 2 };
  return { ...named, index, mode, rank: mode === "require" ? 0 : 1 };
}

// By code unit, so that the order is the same on every machine.
function byTurn(a: Turn, b: Turn): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.tool.name < b.tool.name ? -1 : a.tool.name > b.tool.name ? 1 : 0;
}
