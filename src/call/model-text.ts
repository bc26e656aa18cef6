// An outcome as the text a model reads, the same for every provider. A success is lossless; an error says what the model
// can act on and nothing that is for the operator. The form of an error is one that `agent/offline` reads back.
import { ERROR_CODES } from "../errors/codes.ts";
import { formatDuration } from "../kernel/duration.ts";
import { writeBigInt } from "../kernel/raw-json.ts";
import type { ContentPart } from "./content.ts";
import { formatPath, type Issue } from "./issue.ts";
import type { Failure, Outcome, OutcomeError } from "./outcome.ts";

/**
 * A success: its output as JSON, a string as it is; text parts follow on lines of their own, other parts are named.
 * A failure: `CODE: message`, then a line for each issue (`- path: …; expected …, received …. Hint: ….`), the names that
 * would have worked, what is known of the effect, and when to try again. Codes whose audience is the operator show
 * their fixed text and the call's id only. Never throws.
 */
export function toModelText(outcome: Outcome): string {
  if (!outcome.ok) return toErrorText(outcome);
  if (outcome.content.length === 0) return toJsonText(outcome.output);
  const parts = outcome.content.map(toPartText);
  return (outcome.output === undefined ? parts : [toJsonText(outcome.output), ...parts]).join("\n");
}

function toErrorText({ error, meta }: Failure): string {
  const row = ERROR_CODES[error.code];
  const isForOperator = row.audience === "operator";
  const code = error.toolCode === null ? error.code : `${error.code} ${error.toolCode}`;
  // The message sums up the issues, which follow in full.
  const message = !isForOperator && error.issues.length > 0 ? row.message : error.message;
  const more = isForOperator ? toReference(error, meta.callId) : toAdvice(error);
  return [`${code}: ${message}`, ...more, ...toEffectLines(error), ...toRetryLines(error)].join("\n");
}

/** Issues of an output and details of a failure describe the inside of the system, which no model has to know. */
function toReference({ message }: OutcomeError, callId: string): readonly string[] {
  return message.includes(callId) ? [] : [`Quote ${callId} to the operator.`];
}

function toAdvice({ message, issues, suggestions, toolCode, details }: OutcomeError): readonly string[] {
  const unnamed = suggestions.filter((suggestion) => !message.includes(suggestion));
  return [
    ...issues.map(toIssueLine),
    ...(unnamed.length > 0 ? [`Possible: ${unnamed.join(", ")}.`] : []),
    ...(toolCode !== null && details !== undefined ? [`Details: ${toJsonText(details)}`] : []),
  ];
}

function toEffectLines({ effect }: OutcomeError): readonly string[] {
  if (effect === "applied") return ["The effect has happened; do not repeat the call."];
  return effect === "unknown" ? ["Whether the effect happened is not known."] : [];
}

function toRetryLines({ retryable, retryAfterMs }: OutcomeError): readonly string[] {
  if (retryAfterMs !== null) return [`Try again in ${formatDuration(Math.ceil(retryAfterMs))}.`];
  return retryable ? ["The same call may succeed later."] : [];
}

function toIssueLine({ path, message, expected, received, hint }: Issue): string {
  const advice = hint === null ? "" : ` Hint: ${hint}.`;
  return toOneLine(`- ${formatPath(path)}: ${message}; expected ${expected}, received ${received}.${advice}`);
}

// A value a stranger chose must not be able to begin a line, and so to forge an issue.
function toOneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, " ");
}

function toPartText(part: ContentPart): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "image":
      return `[image, ${part.mimeType}, not shown]`;
    case "file":
      return `[file ${JSON.stringify(part.name)}, ${part.mimeType}, not shown]`;
    case "resource":
      return part.text ?? `[resource ${part.uri}, not shown]`;
  }
}

function toJsonText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return toUnusualText(value);
  }
}

/** What JSON.stringify refuses: exact integers are written out; anything else is said not to be JSON. */
function toUnusualText(value: unknown): string {
  try {
    return JSON.stringify(value, writeBigInt);
  } catch {
    return "[the output cannot be written as JSON]";
  }
}
