// Takes what patterns match out of texts. Every pattern looks at the text as it came, so that what one takes out hides
// nothing from another, and matches that touch become one mark.
// INVARIANT: time is linear in the texts, whatever the patterns: "gives up on a pattern that takes too long, and shows
// nothing of the rest" in redact-text.test.ts.
import { REDACTED } from "../../audit/secret-text.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Matcher, Span } from "../../tool/schema/pattern.ts";

/** `text` without what is to be taken out. */
export type TextRedactor = (text: string) => string;

// All matches of a pattern can take time quadratic in the text (see `Matcher`), and a stranger may have written the text.
// Measured: 0.03 µs a character without a match, 0.3 to 0.7 µs where matches are dense, 1 µs for a pattern to begin.
const GRACE_MS = 250;
const UNITS_PER_MS = 512;
const UNITS_PER_RUN = 16;

/** Creates a redactor for the texts of one result; its time is counted over all of them, from now. */
export function createTextRedactor(patterns: readonly Matcher[], clock: Clock): TextRedactor {
  const startedAt = clock.monotonic();
  let units = 0;
  const isOver = (): boolean => clock.monotonic() - startedAt > GRACE_MS + units / UNITS_PER_MS;

  return (text) => {
    const found: Span[] = [];
    for (const pattern of patterns) {
      units += text.length + UNITS_PER_RUN;
      // Five times faster than looking for where, and most texts hold nothing.
      if (!pattern.test(text)) continue;
      for (const span of pattern.spans(text)) {
        if (span.end > span.start) found.push(span);
        if (!isOver()) continue;
        found.push({ start: span.end, end: text.length });
        break;
      }
    }
    return found.length === 0 ? text : replaceSpans(text, found);
  };
}

function replaceSpans(text: string, spans: Span[]): string {
  spans.sort((a, b) => a.start - b.start);
  let shown = "";
  let done = 0;
  let hasMark = false;
  for (const { start, end } of spans) {
    if (end <= done) continue;
    if (start > done || !hasMark) shown += text.slice(done, start) + REDACTED;
    hasMark = true;
    done = end;
  }
  return shown + text.slice(done);
}
