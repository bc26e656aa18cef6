// A tool's rules for what no model is shown, and an outcome as text without it.
import type { OpenPaths } from "../../audit/redaction-rules.ts";
import type { ContentPart } from "../../call/content.ts";
import { toModelText } from "../../call/model-text.ts";
import type { Failure, Outcome } from "../../call/outcome.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { ResilienceFields } from "../../tool/resilience.ts";
import { type Matcher, patternEngine } from "../../tool/schema/pattern.ts";
import { redactOutput } from "./redact-output.ts";
import { createTextRedactor, type TextRedactor } from "./redact-text.ts";

/** The policy of a published version. */
export type ResultRules = NonNullable<ResilienceFields["result"]>;

export interface Redaction {
  readonly paths: OpenPaths;
  readonly patterns: readonly Matcher[];
}

/** Compiles the rules; null when nothing is taken out. Throws for a pattern that publication would have refused. */
export function compileRedaction({ redactPaths, redactPatterns }: ResultRules): Redaction | null {
  if (redactPaths.length === 0 && redactPatterns.length === 0) return null;
  return {
    paths: redactPaths.length === 0 ? null : redactPaths.map((path) => path.split(".")),
    patterns: redactPatterns.map(patternEngine),
  };
}

/**
 * The outcome as a model may see it. Paths concern the output alone; patterns also what stands beside it, and the whole
 * text of a failure.
 */
export function toRedactedText(outcome: Outcome, { paths, patterns }: Redaction, clock: Clock): string {
  const redactText = patterns.length === 0 ? null : createTextRedactor(patterns, clock);
  if (!outcome.ok) return redactText === null ? toModelText(outcome) : toFailureText(outcome, redactText);
  const output = redactOutput(outcome.output, { paths, redactText });
  const content = redactText === null ? outcome.content : outcome.content.map((part) => redactPart(part, redactText));
  return toModelText({ ...outcome, output, content });
}

function toFailureText(failure: Failure, redactText: TextRedactor): string {
  // Details first, as data: written as JSON, a line break or quote in a secret is another text, and no pattern finds it.
  const details = redactOutput(failure.error.details, { paths: null, redactText });
  const error = { ...failure.error, details: details as typeof failure.error.details };
  return redactText(toModelText({ ...failure, error }));
}

function redactPart(part: ContentPart, redactText: TextRedactor): ContentPart {
  switch (part.type) {
    case "text":
      return { ...part, text: redactText(part.text) };
    case "image":
      return { ...part, mimeType: redactText(part.mimeType) };
    case "file":
      return { ...part, name: redactText(part.name), mimeType: redactText(part.mimeType) };
    case "resource":
      return { ...part, uri: redactText(part.uri), ...(part.text !== undefined && { text: redactText(part.text) }) };
  }
}
