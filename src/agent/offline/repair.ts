// A refused call made acceptable, from the error's text alone: what it says was expected, its hints, and for what is
// missing the tool's own default or example. Nothing is guessed that the text does not lead to.
import { isObject } from "../../kernel/json.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import { convert } from "./convert.ts";
import { getAt, removeAt, setAt } from "./edit-input.ts";
import { toParameters } from "./parameter.ts";
import { readError, type ReadError, type ReadIssue, readQuoted } from "./read-error.ts";

/** Codes after which another attempt with other arguments makes sense. */
const REPAIRABLE = new Set(["INVALID_INPUT", "TOOL_ERROR"]);
const DID_YOU_MEAN = /\bdid you mean ([^?\n]{1,300})/i;

/** Other arguments to try; null when the text leads to none. `said` is what the user's words gave at first. */
export function repairInput(tool: ToolDescription, input: unknown, text: string, said: unknown): unknown {
  const error = readError(text);
  if (!REPAIRABLE.has(error.code) || error.isDone) return null;
  const repaired =
    error.issues.length > 0 ? repairIssues(tool, input, error.issues, said) : replaceMistaken(input, error);
  return repaired === null || JSON.stringify(repaired) === JSON.stringify(input) ? null : repaired;
}

/** Every issue has to be repaired: one that stays would only be refused again. */
function repairIssues(tool: ToolDescription, input: unknown, issues: readonly ReadIssue[], said: unknown): unknown {
  let repaired: unknown = isObject(input) ? input : {};
  // Later items first, so that taking one away does not move the others.
  for (const issue of issues.toReversed()) {
    const next = repairIssue(tool, repaired, issue, said);
    if (next === null) return null;
    repaired = next;
  }
  return repaired;
}

function repairIssue(tool: ToolDescription, input: unknown, issue: ReadIssue, said: unknown): unknown {
  const { path, expected, received, hint } = issue;
  if (expected === "no property of this name") return renameOrRemove(input, issue);
  if (received === "nothing") return addMissing(tool, input, issue, said);
  const suggested = hint === null ? null : toSuggestion(hint);
  const value = suggested ?? convert(getAt(input, path), expected);
  if (value !== undefined) return setAt(input, path, value);
  // What cannot be repaired and may be left out, is: the tool has a default for it.
  return isOptional(tool, path) ? removeAt(input, path) : null;
}

function addMissing(tool: ToolDescription, input: unknown, issue: ReadIssue, said: unknown): unknown {
  const { path, hint } = issue;
  // Another issue may have named the same slip, and its repair the missing one.
  if (getAt(input, path) !== undefined) return input;
  const misspelt = hint === null ? undefined : /^rename ("(?:[^"\\]|\\.)*") to /.exec(hint)?.[1];
  if (misspelt !== undefined) {
    const old = [...path.slice(0, -1), readQuoted(misspelt)];
    return setAt(removeAt(input, old), path, getAt(input, old));
  }
  const value = findMissing(tool, issue, said);
  return value === undefined ? null : setAt(input, path, value);
}

function renameOrRemove(input: unknown, { path, hint }: ReadIssue): unknown {
  const name = hint === null ? null : toSuggestion(hint);
  const target = name === null ? null : [...path.slice(0, -1), name];
  if (target === null || getAt(input, target) !== undefined) return removeAt(input, path);
  return setAt(removeAt(input, path), target, getAt(input, path));
}

/** The default or the only accepted value; the tool's example when it only reads and most else was said. */
function findMissing(tool: ToolDescription, { path, expected }: ReadIssue, said: unknown): unknown {
  const [name] = path;
  if (path.length !== 1 || typeof name !== "string") return undefined;
  const parameters = toParameters(tool);
  const parameter = parameters.find((one) => one.name === name);
  if (parameter === undefined) return undefined;
  const { schema } = parameter;
  if (Object.hasOwn(schema, "default")) return schema["default"];
  if (Object.hasOwn(schema, "const")) return schema["const"];
  if (parameter.choices.length === 1) return parameter.choices[0];
  if (/^".*"$/.test(expected)) return readQuoted(expected);
  const required = parameters.filter(({ isRequired }) => isRequired);
  const given = required.filter((one) => getAt(said, [one.name]) !== undefined).length;
  return tool.effect === "read" && given > 0 && given * 2 >= required.length ? parameter.examples[0] : undefined;
}

function isOptional(tool: ToolDescription, path: readonly (string | number)[]): boolean {
  const parameter = toParameters(tool).find(({ name }) => name === path[0]);
  return path.length === 1 && parameter !== undefined && !parameter.isRequired;
}

/** The value in `did you mean "x"`; null when the hint is of another kind. */
function toSuggestion(hint: string): string | null {
  const found = DID_YOU_MEAN.exec(hint)?.[1];
  return found === undefined ? null : toFirst(found);
}

/** The first of `a or b`, `"a", "b"`. */
function toFirst(list: string): string {
  const quoted = /^\s*("(?:[^"\\]|\\.)*")/.exec(list)?.[1];
  if (quoted !== undefined) return readQuoted(quoted);
  return (list.split(/,| or /)[0] ?? "").trim();
}

/** A tool's own refusal that names a better value: it replaces the argument that the message quotes. */
function replaceMistaken(input: unknown, { message }: ReadError): unknown {
  const suggestion = toSuggestion(message);
  if (suggestion === null || suggestion === "" || !isObject(input)) return null;
  const before = message.slice(0, DID_YOU_MEAN.exec(message)?.index ?? 0).toLowerCase();
  const texts = Object.entries(input).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const quoted = texts.filter(([, value]) => before.includes(JSON.stringify(value).toLowerCase()));
  const named = texts.filter(([, value]) => value !== "" && before.includes(value.toLowerCase()));
  const [mistaken] = quoted.length > 0 ? quoted : named.length > 0 ? named : texts.length === 1 ? texts : [];
  return mistaken === undefined ? null : setAt(input, [mistaken[0]], suggestion);
}
