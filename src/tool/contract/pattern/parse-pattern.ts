// Regular expressions of ECMA-262 as trees, as far as they are plain: characters, classes, groups, alternatives, repeats, and
// the two ends of a text. Anything else is not understood, and then patterns are compared by their text alone.
import { ANY_CHAR, type CharSet, DIGITS, invert, NO_LINE_END, SPACES, unite, WORDS } from "./char-set.ts";

export type PatternTree =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "sequence"; readonly items: readonly PatternTree[] }
  | { readonly kind: "alternatives"; readonly items: readonly PatternTree[] }
  /** `max` null: no end. */
  | { readonly kind: "repeat"; readonly item: PatternTree; readonly min: number; readonly max: number | null }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

const MAX_DEPTH = 64;
const CLASSES: ReadonlyMap<string, CharSet> = new Map([
  ["d", DIGITS],
  ["D", invert(DIGITS)],
  ["w", WORDS],
  ["W", invert(WORDS)],
  ["s", SPACES],
  ["S", invert(SPACES)],
]);
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ["t", 9],
  ["n", 10],
  ["v", 11],
  ["f", 12],
  ["r", 13],
  ["0", 0],
]);

/** The tree of `pattern`; null when something in it is not understood. */
export function parsePattern(pattern: string): PatternTree | null {
  try {
    return new Parser(pattern).parse();
  } catch (error) {
    if (error === NOT_UNDERSTOOD) return null;
    throw error;
  }
}

const NOT_UNDERSTOOD: unique symbol = Symbol("not understood");

/** What stands for itself nowhere: a repetition of nothing, and half a bracket. */
const MISPLACED: ReadonlySet<string> = new Set("*+?{}]");

class Parser {
  readonly #chars: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#chars = Array.from(pattern);
  }

  parse(): PatternTree {
    const tree = this.#alternatives();
    if (this.#at < this.#chars.length) this.#fail();
    return tree;
  }

  #fail(): never {
    throw NOT_UNDERSTOOD;
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #next(): string {
    return this.#chars[this.#at++] ?? this.#fail();
  }

  /** Whether `text` comes next; then it is taken. */
  #take(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.#chars[this.#at + index] !== text[index]) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(): PatternTree {
    if (++this.#depth > MAX_DEPTH) this.#fail();
    const items = [this.#sequence()];
    while (this.#take("|")) items.push(this.#sequence());
    this.#depth--;
    return items.length === 1 ? (items[0] as PatternTree) : { kind: "alternatives", items };
  }

  #sequence(): PatternTree {
    const items: PatternTree[] = [];
    for (let char = this.#peek(); char !== undefined && char !== "|" && char !== ")"; char = this.#peek())
      items.push(this.#repeated(this.#atom()));
    return { kind: "sequence", items };
  }

  #repeated(item: PatternTree): PatternTree {
    const bounds = this.#bounds();
    if (bounds === null) return item;
    if (item.kind === "start" || item.kind === "end") this.#fail();
    // Lazy or not, the same texts fit.
    this.#take("?");
    return { kind: "repeat", item, ...bounds };
  }

  #bounds(): { readonly min: number; readonly max: number | null } | null {
    if (this.#take("*")) return { min: 0, max: null };
    if (this.#take("+")) return { min: 1, max: null };
    if (this.#take("?")) return { min: 0, max: 1 };
    if (!this.#take("{")) return null;
    const min = this.#number();
    const max = this.#take(",") ? (this.#peek() === "}" ? null : this.#number()) : min;
    if (!this.#take("}") || (max !== null && max < min)) this.#fail();
    return { min, max };
  }

  #number(): number {
    let digits = "";
    while (/^\d$/.test(this.#peek() ?? "")) digits += this.#next();
    if (digits === "" || digits.length > 4) this.#fail();
    return Number(digits);
  }

  #atom(): PatternTree {
    const char = this.#next();
    switch (char) {
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case ".":
        return { kind: "set", set: NO_LINE_END };
      case "(":
        return this.#group();
      case "[":
        return { kind: "set", set: this.#class() };
      case "\\":
        return { kind: "set", set: this.#escape(false) };
      default:
        return MISPLACED.has(char) ? this.#fail() : { kind: "set", set: toSet(char) };
    }
  }

  #group(): PatternTree {
    if (this.#take("?") && !this.#take(":")) this.#name();
    const tree = this.#alternatives();
    if (!this.#take(")")) this.#fail();
    return tree;
  }

  /** `<name>`, but neither `<=` nor `<!`. */
  #name(): void {
    if (!this.#take("<") || !/^[A-Za-z_$]$/.test(this.#peek() ?? "")) this.#fail();
    while (!this.#take(">")) this.#next();
  }

  #class(): CharSet {
    const isInverted = this.#take("^");
    const sets: CharSet[] = [];
    while (!this.#take("]")) {
      const low = this.#classAtom();
      const isRange = this.#peek() === "-" && this.#chars[this.#at + 1] !== "]";
      if (!isRange) {
        sets.push(low);
        continue;
      }
      this.#next();
      sets.push(this.#range(low, this.#classAtom()));
    }
    return isInverted ? invert(unite(sets)) : unite(sets);
  }

  #range(low: CharSet, high: CharSet): CharSet {
    const [from, to] = [toSingle(low), toSingle(high)];
    return from === null || to === null || from > to ? this.#fail() : [[from, to]];
  }

  #classAtom(): CharSet {
    const char = this.#next();
    return char === "\\" ? this.#escape(true) : toSet(char);
  }

  #escape(inClass: boolean): CharSet {
    const char = this.#next();
    const known = CLASSES.get(char);
    if (known !== undefined) return known;
    const control = CONTROLS.get(char);
    if (control !== undefined) return this.#isDigitNext(char) ? this.#fail() : [[control, control]];
    if (char === "b" && inClass) return [[8, 8]];
    if (char === "x") return toRange(this.#hex(2));
    if (char === "u") return toRange(this.#unicode());
    // Letters and digits that are left stand for something else than themselves: word ends, references, properties.
    return /^[A-Za-z0-9]$/.test(char) ? this.#fail() : toSet(char);
  }

  #isDigitNext(char: string): boolean {
    return char === "0" && /^\d$/.test(this.#peek() ?? "");
  }

  #hex(length: number): number {
    let digits = "";
    for (let index = 0; index < length; index++) digits += this.#next();
    return /^[\dA-Fa-f]+$/.test(digits) ? Number.parseInt(digits, 16) : this.#fail();
  }

  #unicode(): number {
    if (this.#take("{")) {
      let digits = "";
      while (!this.#take("}")) digits += this.#next();
      return /^[\dA-Fa-f]{1,6}$/.test(digits) ? Number.parseInt(digits, 16) : this.#fail();
    }
    const code = this.#hex(4);
    if (code < 0xd8_00 || code > 0xdb_ff) return code;
    if (!this.#take("\\u")) return this.#fail();
    const low = this.#hex(4);
    return low >= 0xdc_00 && low <= 0xdf_ff ? (code - 0xd8_00) * 0x4_00 + low - 0xdc_00 + 0x1_00_00 : this.#fail();
  }
}

function toSet(char: string): CharSet {
  return toRange(char.codePointAt(0) ?? 0);
}

function toRange(code: number): CharSet {
  return code > 0x10_ff_ff ? ANY_CHAR : [[code, code]];
}

function toSingle(set: CharSet): number | null {
  const [range] = set;
  return set.length === 1 && range !== undefined && range[0] === range[1] ? range[0] : null;
}
