// Where a request may fall into parts: sentences, and what commas and conjunctions join. Quotes, dates and arithmetic
// are never torn; whether a part stands for itself is decided by who plans.
import type { Entity, Span } from "./span.ts";

const JOINT =
  /[.!?]+(?=\s|$)|[;\n]+|,\s*(?:and\s+then|and|then|or|plus|but)\s+|,\s+|\s+(?:and\s+then|and\s+also|as\s+well\s+as|and|then|plus|&)\s+/gi;
const OPEN_BETWEEN = /\bbetween\b(?!.*\band\b)/is;

/** The parts of `text`, without what joins them; empty ones are left out. */
export function splitText(text: string, entities: readonly Entity[]): readonly Span[] {
  const whole = entities.filter(({ kind }) => kind !== "number" && kind !== "proper");
  const parts: Span[] = [];
  let start = 0;
  let sentence = 0;
  for (const { 0: joint, index } of text.matchAll(JOINT)) {
    const end = index + joint.length;
    const isInside = whole.some((entity) => index < entity.end && entity.start < end && !isEdge(text, entity, index));
    // "between a and b" is one thing.
    if (isInside || (/^\s+and\s+$/i.test(joint) && OPEN_BETWEEN.test(text.slice(sentence, index)))) continue;
    push(parts, text, start, index);
    start = end;
    if (/[.!?;\n]/.test(joint)) sentence = end;
  }
  push(parts, text, start, text.length);
  return parts;
}

/** A sentence may end with an entity. */
function isEdge(text: string, entity: Span, index: number): boolean {
  return entity.end <= index || text.slice(index, entity.end).trim() === "";
}

function push(parts: Span[], text: string, start: number, end: number): void {
  const part = text.slice(start, end);
  const lead = part.length - part.trimStart().length;
  const length = part.trim().length;
  if (/[\p{L}\p{N}]/u.test(part)) parts.push({ start: start + lead, end: start + lead + length });
}
