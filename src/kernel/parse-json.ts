// JSON text from strangers to data, or a refusal that says where and why. Refuses what `JSON.parse` lets pass and a
// schema never sees: duplicate keys, `__proto__`, boundless depth; and names the numbers a double cannot hold.
import { findInexactness, type Inexactness } from "./exact-number.ts";
import { scanJson, type JsonFaultReason } from "./scan-json.ts";

/** A number whose double is not the number that was sent. */
export interface InexactNumber {
  readonly path: readonly (string | number)[];
  /** As it was sent. */
  readonly literal: string;
  readonly kind: Inexactness;
}

type JsonRefusal = JsonFaultReason | "TOO_LARGE" | "TOO_MANY_INEXACT";

export type ParsedJson =
  | {
      readonly ok: true;
      /** What `JSON.parse` gives. */
      readonly value: unknown;
      /** Numbers that `value` holds only approximately, in its own order. */
      readonly inexact: readonly InexactNumber[];
    }
  | { readonly ok: false; readonly reason: JsonRefusal; readonly message: string };

export interface ParseJsonOptions {
  /** Largest text, bytes of UTF-8. @default 1,048,576 */
  readonly maxBytes?: number;
  /** How deep objects and arrays may be nested, 1 or more. @default 64 */
  readonly maxDepth?: number;
  /** Whether integers have to be the very value of their double (see `findInexactness`). @default false */
  readonly exactIntegers?: boolean;
}

const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 64;
const MAX_INEXACT = 10_000;
const EXCERPT_BEFORE = 12;
const EXCERPT_AFTER = 20;
const NONE: readonly InexactNumber[] = Object.freeze([]);

/** Stands in the tree for a number whose double is not what was sent. */
class Inexact {
  readonly literal: string;
  readonly kind: Inexactness;

  constructor(literal: string, kind: Inexactness) {
    this.literal = literal;
    this.kind = kind;
  }
}

// Source text access (ECMAScript 2026), which the compiler's library does not declare yet.
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Parses JSON text in one linear pass and `JSON.parse`. Never throws. Refuses, with the position: text that is no JSON
 * (SYNTAX, TRAILING_TEXT), a key that occurs twice in an object, escaped or not (DUPLICATE_KEY), a `__proto__` key
 * (PROTO_KEY), nesting (TOO_DEEP) and text (TOO_LARGE) over the limits, more than 10,000 inexact numbers
 * (TOO_MANY_INEXACT). Which numbers are inexact: `findInexactness`.
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): ParsedJson {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  if (text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)) {
    return { ok: false, reason: "TOO_LARGE", message: `the text is longer than ${maxBytes} bytes` };
  }
  const scan = scanJson(text, options.maxDepth ?? MAX_DEPTH);
  if (scan.fault !== null) {
    const { reason, message, position } = scan.fault;
    return { ok: false, reason, message: `${message}, ${locate(text, position)}` };
  }
  return scan.suspicious
    ? parseInexact(text, options.exactIntegers ?? false)
    : { ok: true, value: JSON.parse(text), inexact: NONE };
}

function parseInexact(text: string, exactIntegers: boolean): ParsedJson {
  let count = 0;
  const marked = parseWithSource(text, (_key, value, { source }) => {
    if (typeof value !== "number" || source === undefined) return value;
    const kind = findInexactness(source, exactIntegers);
    if (kind === null) return value;
    count++;
    return new Inexact(source, kind);
  });
  if (count > MAX_INEXACT) {
    const message = `more than ${MAX_INEXACT} numbers are too large or too small for a double`;
    return { ok: false, reason: "TOO_MANY_INEXACT", message };
  }
  const inexact: InexactNumber[] = [];
  return { ok: true, value: takeOut(marked, [], inexact), inexact };
}

/** Puts the doubles back, in place, and notes where they are. Recursion is as deep as the text, which is bounded. */
function takeOut(value: unknown, path: (string | number)[], found: InexactNumber[]): unknown {
  if (value instanceof Inexact) {
    found.push({ path: [...path], literal: value.literal, kind: value.kind });
    return Number(value.literal);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      value[index] = takeOut(value[index], path, found);
      path.pop();
    }
    return value;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    path.push(key);
    record[key] = takeOut(record[key], path, found);
    path.pop();
  }
  return value;
}

/** `at position 17 (line 2, column 5), near "…"`. */
function locate(text: string, position: number): string {
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  const from = Math.max(0, position - EXCERPT_BEFORE);
  const to = Math.min(text.length, position + EXCERPT_AFTER);
  const excerpt = `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
  return `at position ${position} (line ${line}, column ${position - lineStart + 1}), near ${JSON.stringify(excerpt)}`;
}
