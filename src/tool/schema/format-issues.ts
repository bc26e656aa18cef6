// Issues as text for a model: one line each, with what to send instead.
import { formatPath, type Issue } from "../../call/issue.ts";

/** `- n: is out of range; expected integer from 1 to 10, received number 99. Hint: …`, a line for each issue. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.map((issue) => `- ${formatIssue(issue)}`).join("\n");
}

/** One issue in one line. */
export function formatIssue({ path, message, expected, received, hint }: Issue): string {
  const advice = hint === null ? "" : ` Hint: ${hint}.`;
  return `${formatPath(path)}: ${message}; expected ${expected}, received ${received}.${advice}`;
}
