// What callers see of a tool: what they need to call it, and nothing of who else may.
import type { ToolDescription } from "../../index.ts";

const texts = new WeakMap<ToolDescription, { summary?: string; whole?: string }>();

function remember(tool: ToolDescription): { summary?: string; whole?: string } {
  const known = texts.get(tool) ?? {};
  texts.set(tool, known);
  return known;
}

/** JSON text of a row of the list; made once for each state of a version. */
export function toSummaryText(tool: ToolDescription): string {
  const known = remember(tool);
  known.summary ??= JSON.stringify(toSummary(tool));
  return known.summary;
}

/** JSON text of all that a caller may know. */
export function toToolText(tool: ToolDescription): string {
  const known = remember(tool);
  known.whole ??= JSON.stringify({
    ...toSummary(tool),
    inputSchema: tool.inputSchema,
    outputSchema: tool.outputSchema,
    examples: tool.examples,
    cost: tool.cost,
    timeoutMs: tool.timeoutMs,
    honoursKeys: tool.honoursKeys,
  });
  return known.whole;
}

export function toSummary(tool: ToolDescription): object {
  const {
    name,
    version,
    title,
    description,
    category,
    tags,
    effect,
    idempotent,
    status,
    deprecation,
    breakerState,
    digest,
  } = tool;
  return {
    name,
    version,
    title,
    description,
    category,
    tags,
    effect,
    idempotent,
    status,
    deprecation,
    breakerState,
    digest,
  };
}
