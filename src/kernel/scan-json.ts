// Reads JSON text once, front to back, before `JSON.parse` sees it: the whole grammar, and what `JSON.parse` lets pass
// (duplicate keys, `__proto__`, any depth). Linear and without recursion, since strangers write the text.
// INVARIANT: what passes here, `JSON.parse` accepts ("accepts exactly what JSON.parse accepts" in parse-json.test.ts).

export type JsonFaultReason = "SYNTAX" | "TRAILING_TEXT" | "DUPLICATE_KEY" | "PROTO_KEY" | "TOO_DEEP";

interface JsonFault {
  readonly reason: JsonFaultReason;
  /** What is wrong, without the place. */
  readonly message: string;
  /** Index of the first character that is wrong. */
  readonly position: number;
}

/** What a scan found: a fault, or whether a number occurs that a double may not hold. */
export type JsonScan = { readonly fault: JsonFault } | { readonly fault: null; readonly suspicious: boolean };

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
// From 16 digits on an integer may lie beyond 2^53; a literal this long may underflow without an exponent.
const SAFE_DIGITS = 15;
const LONG_LITERAL = 300;
// Comparing a key with a few others is cheaper than hashing it.
const FEW_KEYS = 8;

/** The keys of one object. */
class Keys {
  readonly #list: string[] = [];
  #set: Set<string> | null = null;

  /** Whether `key` is new. */
  add(key: string): boolean {
    if (this.#set !== null) {
      if (this.#set.has(key)) return false;
      this.#set.add(key);
      return true;
    }
    if (this.#list.includes(key)) return false;
    this.#list.push(key);
    if (this.#list.length > FEW_KEYS) this.#set = new Set(this.#list);
    return true;
  }
}

class Scanner {
  suspicious = false;
  fault: JsonFault | null = null;
  readonly #text: string;
  readonly #maxDepth: number;
  /** The containers that are open; null stands for an array. */
  readonly #open: (Keys | null)[] = [];
  #at = 0;
  /** Whether the innermost container was opened by the last token. */
  #fresh = false;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  scan(): void {
    if (!this.#value()) return;
    while (this.#open.length > 0) if (!this.#member()) return;
    if (!Number.isNaN(this.#peek())) this.#fail("TRAILING_TEXT", "text goes on after the value");
  }

  /** Reads the next member of the innermost container, or its end. */
  #member(): boolean {
    const keys = this.#open.at(-1) as Keys | null;
    const code = this.#peek();
    if (code === (keys === null ? CLOSE_ARRAY : CLOSE_OBJECT)) {
      this.#at++;
      this.#fresh = false;
      this.#open.pop();
      return true;
    }
    if (!this.#fresh) {
      if (code !== COMMA) return this.#unexpected(keys === null ? '"," or "]"' : '"," or "}"');
      this.#at++;
    }
    this.#fresh = false;
    return (keys === null || this.#key(keys)) && this.#value();
  }

  #key(keys: Keys): boolean {
    if (this.#peek() !== QUOTE) return this.#unexpected("a property name in double quotes");
    const start = this.#at;
    const escaped = this.#string();
    if (escaped === null) return false;
    const raw = this.#text.slice(start + 1, this.#at - 1);
    // Decoded: "a" and "\u0061" name the same property.
    const key = escaped ? (JSON.parse(`"${raw}"`) as string) : raw;
    if (key === "__proto__") return this.#fail("PROTO_KEY", 'the property name "__proto__" is not accepted', start);
    if (!keys.add(key)) {
      return this.#fail("DUPLICATE_KEY", `the property ${shorten(key)} occurs twice in one object`, start);
    }
    if (this.#peek() !== COLON) return this.#unexpected('":"');
    this.#at++;
    return true;
  }

  #value(): boolean {
    const code = this.#peek();
    if (code === QUOTE) return this.#string() !== null;
    if (code === OPEN_OBJECT) return this.#openContainer(new Keys());
    if (code === OPEN_ARRAY) return this.#openContainer(null);
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.#number();
    for (const word of ["true", "false", "null"]) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return true;
    }
    return this.#unexpected("a value");
  }

  #openContainer(keys: Keys | null): boolean {
    if (this.#open.length >= this.#maxDepth) {
      return this.#fail("TOO_DEEP", `objects and arrays are nested more than ${this.#maxDepth} levels deep`);
    }
    this.#open.push(keys);
    this.#at++;
    this.#fresh = true;
    return true;
  }

  /** Reads a string: whether it has escapes, or null after a fault. */
  #string(): boolean | null {
    const text = this.#text;
    let escaped = false;
    for (let at = this.#at + 1; ; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return escaped;
      }
      if (code === BACKSLASH) {
        escaped = true;
        at += 1;
        const length = escapeLength(text, at);
        if (length === 0) {
          this.#fail("SYNTAX", "a backslash begins no known escape", at - 1);
          return null;
        }
        at += length - 1;
      } else if (!(code >= SPACE)) {
        const what = Number.isNaN(code)
          ? "the text ends inside a string"
          : "a control character in a string is not escaped";
        this.#fail("SYNTAX", what, Math.min(at, text.length));
        return null;
      }
    }
  }

  #number(): boolean {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(start) === MINUS) this.#at++;
    const whole = this.#digits();
    if (whole === 0) return this.#unexpected("a digit");
    if (whole > 1 && text.charCodeAt(this.#at - whole) === ZERO) {
      return this.#fail("SYNTAX", "a number begins with a needless 0", this.#at - whole);
    }
    if (text.charCodeAt(this.#at) === DOT) {
      this.#at++;
      if (this.#digits() === 0) return this.#unexpected("a digit");
    }
    const exponent = this.#exponent();
    if (exponent === null) return this.#unexpected("a digit");
    if (exponent || whole > SAFE_DIGITS || this.#at - start > LONG_LITERAL) this.suspicious = true;
    return true;
  }

  /** Reads an exponent: whether there is one, or null when it has no digits. */
  #exponent(): boolean | null {
    // "E" and "e" differ in this bit.
    if ((this.#text.charCodeAt(this.#at) | 0x20) !== LOWER_E) return false;
    this.#at++;
    const sign = this.#text.charCodeAt(this.#at);
    if (sign === PLUS || sign === MINUS) this.#at++;
    return this.#digits() > 0 ? true : null;
  }

  /** Skips digits: how many. */
  #digits(): number {
    const start = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (!(code >= ZERO && code <= NINE)) return this.#at - start;
      this.#at++;
    }
  }

  /** Skips white space: the code of what comes then, NaN at the end. */
  #peek(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== SPACE && code !== LF && code !== CR && code !== TAB) return code;
      this.#at++;
    }
  }

  #unexpected(expected: string): false {
    const found = this.#text.codePointAt(this.#at);
    const what = found === undefined ? "the text ends" : `found ${JSON.stringify(String.fromCodePoint(found))}`;
    return this.#fail("SYNTAX", `${what} where ${expected} is expected`);
  }

  #fail(reason: JsonFaultReason, message: string, position: number = this.#at): false {
    this.fault = { reason, message, position };
    return false;
  }
}

/** Length of the escape whose first character after the backslash is at `at`; 0 when there is none of that name. */
function escapeLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code !== LOWER_U) return '"\\/bfnrt'.includes(text.charAt(at) || "\0") ? 1 : 0;
  for (let digit = at + 1; digit <= at + 4; digit++) if (!isHex(text.charCodeAt(digit))) return 0;
  return 5;
}

function isHex(code: number): boolean {
  const lower = code | 0x20;
  return (code >= ZERO && code <= NINE) || (lower >= 0x61 && lower <= 0x66);
}

function shorten(key: string): string {
  return JSON.stringify(key.length > 64 ? `${key.slice(0, 63)}…` : key);
}

/** Scans `text`, whose objects and arrays may be nested `maxDepth` levels deep. */
export function scanJson(text: string, maxDepth: number): JsonScan {
  const scanner = new Scanner(text, maxDepth);
  scanner.scan();
  return scanner.fault === null ? { fault: null, suspicious: scanner.suspicious } : { fault: scanner.fault };
}
