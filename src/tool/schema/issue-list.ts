// All issues at once, within reason: a model repairs fifty as well as five thousand, and reads them for less. What came under a name
// that says "secret" is told by its kind alone: answers are kept in conversations and logs.
import type { Issue } from "../../call/issue.ts";
import { toKeySecrecy } from "../../kernel/secret-name.ts";

/** Characters of a name in a path. */
const MAX_NAME = 256;

/** How many issues are listed. */
export const MAX_ISSUES = 50;

/** The first 50 of `issues`, and one that says how many more there are (`total` when not all are listed). */
export function capIssues(issues: readonly Issue[], total: number = issues.length): readonly Issue[] {
  if (total <= MAX_ISSUES && issues.length <= MAX_ISSUES) return issues.map(toShown);
  const shown = issues.slice(0, MAX_ISSUES).map(toShown);
  const more = total - shown.length;
  const message = `has ${more} more ${more === 1 ? "issue" : "issues"}`;
  return [
    ...shown,
    { path: [], message, expected: "valid arguments", received: `${total} issues`, hint: "repair these first" },
  ];
}

function toShown(issue: Issue): Issue {
  return shorten(isSecretPath(issue.path) ? { ...issue, received: withoutValue(issue.received) } : issue);
}

/** Whether a value at `path` is a secret, as far as the names of the path tell. */
export function isSecretPath(path: Issue["path"]): boolean {
  return path.some((key) => typeof key === "string" && toKeySecrecy(key) !== "open");
}

/** `string "abc"` as `string`. */
function withoutValue(received: string): string {
  return received.replace(/^(string|number|boolean) .*$/s, "$1");
}

/** A name in a path may be a stranger's and a megabyte long. */
function shorten(issue: Issue): Issue {
  const isLong = (key: string | number): boolean => typeof key === "string" && key.length > MAX_NAME;
  if (!issue.path.some(isLong)) return issue;
  const path = issue.path.map((key) => (isLong(key) ? `${String(key).slice(0, MAX_NAME)}…` : key));
  return { ...issue, path };
}
