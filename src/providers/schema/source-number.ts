// A number of a JSON text whose digits `JSON.stringify` would not write again (1.0, 1e2, 12345678901234567890). What was
// sent stays what was sent; whether a double holds it is the registry's to judge.

import { rawJson } from "../../kernel/raw-json.ts";

export class SourceNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  get value(): number {
    return Number(this.source);
  }

  toJSON(): unknown {
    return rawJson(this.source);
  }
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** `text`, which is JSON, as data whose numbers are written again as they are. */
export function parseExactly(text: string): unknown {
  return parseWithSource(text, (_key, value, { source }) =>
    typeof value !== "number" || source === undefined || String(value) === source ? value : new SourceNumber(source),
  );
}
