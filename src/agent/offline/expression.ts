// Arithmetic in a text: `2+2`, `sqrt(2) * 3`, `12 times 7`, `15% of 80`, `the square root of 16`. Reads one operand and
// operator after the other, without backtracking; it does not calculate anything.
import type { Entity } from "./span.ts";

const NUMBER = /(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?(?![\p{L}\d])|\.\d+/iuy;
const SPACE = /[ \t]*/y;
const FUNCTION = /[a-z][a-z0-9]{1,9}\(/iy;
const CONSTANT = /(?:pi|tau|e)(?![\p{L}\p{N}_(])/iuy;
const ROOT = /(?:the )?(square|cube) root of /iy;
const POSTFIX = /!(?!=)| ?(squared|cubed)\b/iy;
const PERCENT_OF = / ?(?:%|percent) of /iy;
const OPERATOR =
  /\*\*|[+*/^-]| ?%(?= ?[\d(])|(plus|minus|times|multiplied by|divided by|over|to the power of|modulo|mod|x)(?=[ (\d])/iy;
const WORD_OPERATORS: ReadonlyMap<string, string> = new Map([
  ["plus", "+"],
  ["minus", "-"],
  ["times", "*"],
  ["x", "*"],
  ["multiplied by", "*"],
  ["divided by", "/"],
  ["over", "/"],
  ["to the power of", "^"],
  ["modulo", "%"],
  ["mod", "%"],
  ["**", "^"],
]);
const START = /[\d.(-]|(?:the )?(?:square|cube) root of |[a-z][a-z0-9]{1,9}\(/iy;
const MAX_DEPTH = 32;

interface Reading {
  readonly text: string;
  at: number;
  /** Operators, functions and postfixes so far; without any it is only a number. */
  operations: number;
  /** Whether something was written in words and had to be put as symbols. */
  worded: boolean;
  depth: number;
}

/** Every arithmetic expression in `text`, as the kind of entity that an `expression` parameter takes. */
export function findExpressions(text: string): readonly Entity[] {
  const found: Entity[] = [];
  let at = 0;
  while (at < text.length) {
    const isStart = matchAt(START, text, at) !== null && !isInWord(text, at);
    const read = isStart ? readAt(text, at) : null;
    if (read === null) {
      at++;
      continue;
    }
    found.push(read);
    at = read.end;
  }
  return found;
}

function readAt(text: string, start: number): Entity | null {
  const reading: Reading = { text, at: start, operations: 0, worded: false, depth: 0 };
  const symbols = readSum(reading, false);
  if (symbols === null || reading.operations === 0 || isInWord(text, reading.at)) return null;
  const source = text.slice(start, reading.at);
  return { kind: "expression", start, end: reading.at, text: source, value: reading.worded ? symbols : source.trim() };
}

/** Operands and the operators between them; stops before an operator that nothing follows. */
function readSum(reading: Reading, inCall: boolean): string | null {
  let symbols = readOperand(reading, inCall);
  if (symbols === null) return null;
  for (;;) {
    const before = { at: reading.at, operations: reading.operations, worded: reading.worded };
    const operator = readOperator(reading);
    const next = operator === null ? null : readOperand(reading, inCall);
    if (operator === null || next === null) {
      Object.assign(reading, before);
      return symbols;
    }
    symbols = operator === "%of" ? `${symbols} / 100 * ${next}` : `${symbols} ${operator} ${next}`;
  }
}

function readOperator(reading: Reading): string | null {
  if (take(reading, PERCENT_OF) !== null) {
    reading.worded = true;
    reading.operations++;
    return "%of";
  }
  take(reading, SPACE);
  const operator = take(reading, OPERATOR)?.trim().toLowerCase();
  if (operator === undefined) return null;
  reading.operations++;
  const symbol = WORD_OPERATORS.get(operator);
  if (symbol !== undefined) reading.worded = true;
  return symbol ?? operator;
}

function readOperand(reading: Reading, inCall: boolean): string | null {
  take(reading, SPACE);
  const sign = take(reading, /[-+]/y) ?? "";
  const value =
    readRoot(reading, inCall) ?? readCall(reading) ?? readGroup(reading, false) ?? readValue(reading, inCall);
  if (value === null) return null;
  let symbols = `${sign}${value}`;
  for (let postfix = take(reading, POSTFIX); postfix !== null; postfix = take(reading, POSTFIX)) {
    reading.operations++;
    const word = postfix.trim().toLowerCase();
    if (word !== "!") reading.worded = true;
    symbols += word === "!" ? "!" : word === "squared" ? "^2" : "^3";
  }
  return symbols;
}

// A reader that fails puts the position back: otherwise the next one reads the inside of the failed one once more, and
// so on at every depth.
function readRoot(reading: Reading, inCall: boolean): string | null {
  const start = reading.at;
  const words = reading.depth < MAX_DEPTH ? take(reading, ROOT) : null;
  if (words === null) return null;
  reading.depth++;
  const operand = readOperand(reading, inCall);
  reading.depth--;
  if (operand === null) {
    reading.at = start;
    return null;
  }
  reading.operations++;
  reading.worded = true;
  return `${words.toLowerCase().includes("square") ? "sqrt" : "cbrt"}(${operand})`;
}

function readCall(reading: Reading): string | null {
  const start = reading.at;
  const head = matchAt(FUNCTION, reading.text, start);
  if (head === null) return null;
  reading.at += head.length - 1;
  const group = readGroup(reading, true);
  if (group === null) {
    reading.at = start;
    return null;
  }
  reading.operations++;
  return `${head.slice(0, -1)}${group}`;
}

/** What stands in parentheses; the arguments of a function are parted by commas. */
function readGroup(reading: Reading, isCall: boolean): string | null {
  const start = reading.at;
  if (reading.text[start] !== "(" || reading.depth >= MAX_DEPTH) return null;
  reading.at++;
  reading.depth++;
  const parts: string[] = [];
  for (;;) {
    const part = readSum(reading, isCall);
    if (part === null) break;
    parts.push(part);
    take(reading, SPACE);
    if (!isCall || take(reading, /,/y) === null) break;
  }
  reading.depth--;
  take(reading, SPACE);
  if (parts.length > 0 && take(reading, /\)/y) !== null) return `(${parts.join(", ")})`;
  reading.at = start;
  return null;
}

function readValue(reading: Reading, inCall: boolean): string | null {
  const constant = take(reading, CONSTANT);
  if (constant !== null) return constant;
  // Between the parentheses of a function a comma parts arguments, elsewhere it groups digits.
  const number = take(reading, inCall ? /(?:\d+(?:\.\d+)?|\.\d+)(?![\p{L}\d])/uy : NUMBER);
  if (number === null) return null;
  if (number.includes(",")) reading.worded = true;
  return number.replaceAll(",", "");
}

function take(reading: Reading, pattern: RegExp): string | null {
  const match = matchAt(pattern, reading.text, reading.at);
  if (match !== null) reading.at += match.length;
  return match;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Whether a word or number goes on across `at`. */
function isInWord(text: string, at: number): boolean {
  return at > 0 && at < text.length && /[\p{L}\p{N}_]{2}/u.test(text.slice(at - 1, at + 1));
}
