// All issues at once, within reason: a model repairs fifty as well as five thousand, and reads them for less.
import type { Issue } from "../../call/issue.ts";

/** Characters of a name in a path. */
const MAX_NAME = 256;

/** How many issues are listed. */
export const MAX_ISSUES = 50;

/** The first 50 of `issues`, and one that says how many more there are (`total` when not all are listed). */
export function capIssues(issues: readonly Issue[], total: number = issues.length): readonly Issue[] {
  if (total <= MAX_ISSUES && issues.length <= MAX_ISSUES) return issues.map(shorten);
  const shown = issues.slice(0, MAX_ISSUES).map(shorten);
  const more = total - shown.length;
  const message = `has ${more} more ${more === 1 ? "issue" : "issues"}`;
  return [
    ...shown,
    { path: [], message, expected: "valid arguments", received: `${total} issues`, hint: "repair these first" },
  ];
}

/** A name in a path may be a stranger's and a megabyte long. */
function shorten(issue: Issue): Issue {
  const isLong = (key: string | number): boolean => typeof key === "string" && key.length > MAX_NAME;
  if (!issue.path.some(isLong)) return issue;
  const path = issue.path.map((key) => (isLong(key) ? `${String(key).slice(0, MAX_NAME)}…` : key));
  return { ...issue, path };
}
