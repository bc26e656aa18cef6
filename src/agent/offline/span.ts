// What is found in a text, and where.

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type EntityKind =
  | "quoted"
  | "dateTime"
  | "date"
  | "time"
  | "month"
  | "zone"
  | "email"
  | "url"
  | "expression"
  | "number"
  | "proper"
  | "code"
  | "hashtag";

export interface Entity extends Span {
  readonly kind: EntityKind;
  /** As an argument: an ISO date, a number, the text without its quotes. */
  readonly value: string | number;
  readonly text: string;
}

/** Whether the two have a character in common. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether `inner` lies in one of `spans`, wholly or partly. */
export function isTaken(inner: Span, spans: Iterable<Span>): boolean {
  for (const span of spans) if (overlaps(inner, span)) return true;
  return false;
}
