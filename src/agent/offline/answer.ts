// What the offline model says: each result in plain English, what it changed or assumed on the way, what it could not do,
// and what it did not understand.
import type { ToolDescription } from "../../tool/tool-version.ts";
import { toParameters } from "./parameter.ts";
import { readError } from "./read-error.ts";
import type { Attempt, Thread } from "./threads.ts";
import { toLabel, toSentence } from "./to-sentence.ts";

const MAX_TOOLS = 8;
const MAX_QUOTE = 120;
const MAX_VALUE = 80;

/** The answer after the calls. */
export function toAnswer(
  threads: readonly Thread[],
  leftovers: readonly string[],
  tools: readonly ToolDescription[],
): string {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const lines = threads.map((thread) => toThreadLine(thread, byName.get(thread.tool)));
  const said = lines.length > 1 ? lines.map((line) => `- ${line}`) : lines;
  return [
    ...said,
    ...leftovers.map(
      (leftover) => `I found no tool for ${toQuote(leftover)}; I am the offline model, and only match words to tools.`,
    ),
  ].join("\n");
}

/** The answer when nothing was understood, or nothing asked. */
export function toIntroduction(leftovers: readonly string[], tools: readonly ToolDescription[]): string {
  const [first] = leftovers;
  const what = first === undefined ? "" : ` I found none for ${toQuote(first)}.`;
  const who = `I am the offline model: no language model, only a matcher of words to tools.${what}`;
  if (tools.length === 0) return `${who} There are no tools here that I could call.`;
  const shown = tools.slice(0, MAX_TOOLS).map(({ name, title, description }) => {
    const label = title === name ? name : `${title} (${name})`;
    return `- ${label}: ${toFirstSentence(description)}`;
  });
  const more = tools.length > MAX_TOOLS ? [`- and ${tools.length - MAX_TOOLS} more`] : [];
  return [`${who} I can use:`, ...shown, ...more].join("\n");
}

function toThreadLine(thread: Thread, tool: ToolDescription | undefined): string {
  const [first] = thread.attempts;
  const last = thread.attempts.at(-1);
  const title = tool?.title ?? thread.tool;
  if (first === undefined || last === undefined) return `${title}: there is no result.`;
  const head = `${title}${toArguments(last.input)}`;
  if (!last.ok) return `${head}: ${toFailure(last, thread.attempts.length)}`;
  const result = toSentence(toData(last.text), last.input);
  return `${head}: ${result}${/[.!?…]$/.test(result) ? "" : "."}${toChanges(tool, first.input, last.input)}`;
}

/** The arguments in parentheses: a text that stands alone by itself, others with their names. */
function toArguments(input: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(input);
  const [only] = entries;
  if (only === undefined) return "";
  if (entries.length === 1 && typeof only[1] === "string") return ` (${toShort(only[1])})`;
  return ` (${entries.map(([name, value]) => `${toLabel(name)} ${toShort(value)}`).join(", ")})`;
}

/** What was not as the user said it: nobody should take an assumption for an answer. */
function toChanges(
  tool: ToolDescription | undefined,
  said: Readonly<Record<string, unknown>>,
  used: Readonly<Record<string, unknown>>,
): string {
  const changes = [...new Set([...Object.keys(said), ...Object.keys(used)])].flatMap((name) => {
    const [before, after] = [JSON.stringify(get(said, name)), JSON.stringify(get(used, name))];
    if (before === after) return [];
    if (before === undefined)
      return [`you gave no ${toLabel(name)}, so I took ${toShort(get(used, name))}, ${toOrigin(tool, name)}`];
    if (after === undefined) return [`I left out ${toLabel(name)} ${toShort(get(said, name))}, which the tool refused`];
    return [`the tool refused ${toLabel(name)} ${toShort(get(said, name))}, so I tried ${toShort(get(used, name))}`];
  });
  const text = changes.join("; ");
  return text === "" ? "" : ` (${text.slice(0, 1).toUpperCase()}${text.slice(1)}.)`;
}

function toOrigin(tool: ToolDescription | undefined, name: string): string {
  const parameter = tool === undefined ? undefined : toParameters(tool).find((one) => one.name === name);
  return parameter !== undefined && Object.hasOwn(parameter.schema, "default")
    ? "the tool's default"
    : "the tool's example";
}

function toFailure({ text }: Attempt, attempts: number): string {
  const error = readError(text);
  const reasons = error.issues.map(
    ({ path, message, expected }) => `${path.join(".")} ${message}, expected ${expected}`,
  );
  const reason = reasons.length > 0 ? reasons.join("; ") : error.message;
  const tried = attempts > 1 ? ` after ${attempts} attempts` : "";
  return `it did not work${tried}: ${reason}${/[.!?…]$/.test(reason) ? "" : "."}`;
}

function get(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function toData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toShort(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

function toQuote(text: string): string {
  return `“${text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text}”`;
}

function toFirstSentence(text: string): string {
  const end = text.search(/[.!?](?:\s|$)/);
  return end === -1 ? text : text.slice(0, end + 1);
}
