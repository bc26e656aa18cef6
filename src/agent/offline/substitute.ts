// The same call with something else: "… and in Lisbon?", "and 3 weeks?".
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { Clause } from "./clause.ts";
import { type Parameter, type ParameterRole, toParameters } from "./parameter.ts";
import type { EntityKind } from "./span.ts";

const ACCEPTED: Partial<Record<ParameterRole, readonly EntityKind[]>> = {
  name: ["proper", "code", "quoted"],
  zone: ["zone", "proper"],
  date: ["date"],
  dateTime: ["dateTime", "date"],
  time: ["time"],
  month: ["month"],
  number: ["number"],
  expression: ["expression"],
  email: ["email"],
  url: ["url"],
};
const MAX_OTHER_WORDS = 2;

/** `input` with what the clause names in place of what it replaces; null when the clause names nothing of that kind. */
export function substitute(
  tool: ToolDescription,
  input: Readonly<Record<string, unknown>>,
  clause: Clause,
): Readonly<Record<string, unknown>> | null {
  const replaced = new Map<string, unknown>();
  const given = toParameters(tool).filter(({ name, isList }) => Object.hasOwn(input, name) && !isList);
  for (const { kind, value } of clause.entities) {
    const parameter = given.find(({ name, role }) => !replaced.has(name) && (ACCEPTED[role]?.includes(kind) ?? false));
    if (parameter !== undefined) replaced.set(parameter.name, value);
  }
  if (replaced.size === 0) replacePhrase(given, clause, replaced);
  if (replaced.size === 0) replaceWord(given, clause, input, replaced);
  const explained = clause.entities.flatMap(({ start, end }) =>
    clause.words.filter((word) => word.start >= start && word.end <= end),
  );
  const values = new Set(replaced.values());
  const others = clause.words.filter((word) => word.stem !== "" && !explained.includes(word) && !values.has(word.text));
  if (replaced.size === 0 || (others.length > MAX_OTHER_WORDS && replaced.size < others.length)) return null;
  return Object.fromEntries([...Object.entries(input), ...replaced]);
}

/** A choice that is named, or a name in small letters after a preposition. */
function replacePhrase(given: readonly Parameter[], clause: Clause, replaced: Map<string, unknown>): void {
  for (const { name, role, choices } of given) {
    const choice =
      role !== "enum"
        ? undefined
        : choices.find((one) => clause.words.some(({ text }) => text.toLowerCase() === String(one).toLowerCase()));
    if (choice !== undefined) replaced.set(name, choice);
  }
  const [phrase] = clause.phrases;
  const named = given.find(({ role, side }) => (role === "name" || role === "zone") && side === null);
  if (replaced.size === 0 && phrase !== undefined && named !== undefined) replaced.set(named.name, phrase.text);
}

/** A lone word in small letters, from somebody who writes names in small letters. */
function replaceWord(
  given: readonly Parameter[],
  clause: Clause,
  input: Readonly<Record<string, unknown>>,
  replaced: Map<string, unknown>,
): void {
  const [word, another] = clause.words.filter(({ stem }) => stem !== "");
  const named = given.find(({ name, role, side }) => {
    const before = input[name];
    return (
      (role === "name" || role === "zone") && side === null && typeof before === "string" && /^\p{Ll}+$/u.test(before)
    );
  });
  if (word !== undefined && another === undefined && named !== undefined) replaced.set(named.name, word.text);
}
