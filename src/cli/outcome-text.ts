// An outcome for people: the output alone when there is one, otherwise everything that helps to repair the call.
import { ERROR_CODES, formatPath, type Outcome, type OutcomeError } from "../index.ts";
import { type Output, toJsonText } from "./output/index.ts";

/** Prints an outcome; with JSON the whole of it, on one line when it ends a stream. */
export function printOutcome(output: Output, outcome: Outcome, streamed: boolean): void {
  if (output.json) {
    if (streamed) output.dataLine({ type: "outcome", outcome });
    else output.data(outcome);
    return;
  }
  const { colors } = output;
  for (const { path, from, to } of outcome.meta.coerced) {
    output.note(colors.dim(`note: ${formatPath(path)} was ${toJsonText(from, 0)}, taken as ${toJsonText(to, 0)}`));
  }
  for (const note of toNotes(outcome)) output.note(colors.dim(`note: ${note}`));
  for (const { code, message } of outcome.meta.warnings)
    output.note(colors.yellow(`warning: ${code}: ${toJsonText(message, 0).slice(1, -1)}`));
  if (!outcome.ok) {
    printError(output, outcome.error);
  } else if (outcome.meta.dryRun) {
    output.line(`${colors.green("ok")}  the call would be made (${outcome.meta.tool}@${outcome.meta.version ?? "?"})`);
  } else {
    if (typeof outcome.output === "string") output.text(outcome.output);
    else output.line(toJsonText(outcome.output));
    for (const part of outcome.content) output.text(part.type === "text" ? part.text : `[${part.type}]`);
  }
}

/** How the answer came about, where that was not by one run of the handler. */
function toNotes({ meta: { attempts, cached, degraded, replayOf } }: Outcome): readonly string[] {
  return [
    ...(attempts > 1 ? [`the tool was run ${attempts} times`] : []),
    ...(replayOf === null ? [] : [`the outcome of ${replayOf}, which had the same idempotency key`]),
    ...(cached === null ? [] : [`a kept answer, ${cached}`]),
    ...(degraded === null ? [] : [`answered in the tool's place (${degraded.by}), because of ${degraded.code}`]),
  ];
}

function printError(output: Output, error: OutcomeError): void {
  const { colors } = output;
  const code = error.toolCode === null ? error.code : `${error.code} ${error.toolCode}`;
  output.line(colors.red(code));
  // Where there are issues, the message sums them up; here they follow in full.
  output.paragraph(error.issues.length > 0 ? ERROR_CODES[error.code].message : error.message, 2);
  for (const issue of error.issues) {
    output.paragraph(`- ${formatPath(issue.path)}: expected ${issue.expected}, received ${issue.received}`, 2);
    if (issue.hint !== null) output.paragraph(issue.hint, 6);
  }
  const untold = error.suggestions.filter((suggestion) => !error.message.includes(suggestion));
  if (untold.length > 0) output.paragraph(`Did you mean ${untold.join(", ")}?`, 2);
  if (error.retryAfterMs !== null) output.paragraph(`Try again in ${Math.ceil(error.retryAfterMs / 1_000)} s.`, 2);
  if (error.effect !== "none") output.paragraph(`Effect: ${error.effect}.`, 2);
}
