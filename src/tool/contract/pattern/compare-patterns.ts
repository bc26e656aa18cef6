// Whether every text that fits some patterns fits another one: decided by reading all texts at once, as far as there is room.
import { createBoundedMap } from "../../../kernel/bounded-map.ts";
import { type Automaton, toAutomaton } from "./automaton.ts";
import { parsePattern } from "./parse-pattern.ts";

/** Patterns and bounds of a text's length, all of which hold. */
export interface TextBounds {
  readonly patterns: readonly string[];
  readonly min: number;
  readonly max: number;
}

/** Takes a step; false when there are none left. */
export type Spend = () => boolean;

/** Steps from one state to the next: about a tenth of a second. */
const MAX_WORK = 20_000;
/** So many of them are a step of the comparison. */
const WORK_PER_STEP = 2;
const MAX_LENGTH = 300;
const MAX_CACHED = 256;
const answers = createBoundedMap<string, boolean>(MAX_CACHED);
const automata = createBoundedMap<string, Automaton | "unknown">(MAX_CACHED);

/** Whether every text within `small` fits `pattern`; null when that cannot be seen. `spend`: whether there is time left. */
export function isWithinPattern(small: TextBounds, pattern: string, spend: Spend): boolean | null {
  const large = toPatternAutomaton(pattern);
  if (large === null) return null;
  const { automata: smalls, isWhole } = toAutomata(small);
  const answer = ask(["in", small, pattern], () => new Search(smalls, large, spend));
  // A text that only what is not understood rules out, shows nothing.
  return answer === false && !isWhole ? null : answer;
}

/** Whether every text within `small` has so many characters; null when that cannot be seen. */
export function isWithinLength(small: TextBounds, min: number, max: number, spend: Spend): boolean | null {
  if (min > MAX_LENGTH || (max > MAX_LENGTH && Number.isFinite(max))) return null;
  return isWithinPattern(small, toLengthPattern(min, max), spend);
}

/** Whether no text is within both; null when that cannot be seen. */
export function areTextsApart(a: TextBounds, b: TextBounds, spend: Spend): boolean | null {
  return ask(["apart", a, b], () => new Search([...toAutomata(a).automata, ...toAutomata(b).automata], null, spend));
}

/** The same is asked again and again: there and back, of the whole and of its parts. */
function ask(question: readonly unknown[], search: () => Search): boolean | null {
  const key = JSON.stringify(question);
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = search().find();
  if (answer !== null) answers.set(key, answer);
  return answer;
}

/** Without the patterns that are not understood; then more texts are within. */
function toAutomata({ patterns, min, max }: TextBounds): {
  readonly automata: readonly Automaton[];
  readonly isWhole: boolean;
} {
  const all = min > 0 || max <= MAX_LENGTH ? [...patterns, toLengthPattern(min, max)] : patterns;
  const found = all.map(toPatternAutomaton).filter((automaton) => automaton !== null);
  const isWhole = found.length === all.length && min <= MAX_LENGTH && (max <= MAX_LENGTH || !Number.isFinite(max));
  return { automata: found, isWhole };
}

function toLengthPattern(min: number, max: number): string {
  return `^[^]{${Math.min(min, MAX_LENGTH)},${max <= MAX_LENGTH ? max : ""}}$`;
}

function toPatternAutomaton(pattern: string): Automaton | null {
  let found = automata.get(pattern);
  if (found === undefined) {
    const tree = parsePattern(pattern);
    found = (tree === null ? null : toAutomaton(tree)) ?? "unknown";
    automata.set(pattern, found);
  }
  return found === "unknown" ? null : found;
}

interface Position {
  /** One state of each: any of those it may be in will do. */
  readonly smalls: readonly number[];
  /** All states it may be in: the text fits when any of them accepts. */
  readonly large: readonly number[];
  readonly isAtStart: boolean;
}

/** Looks for a text that all of `smalls` accept and `large` does not; null accepts nothing. */
class Search {
  readonly #smalls: readonly Automaton[];
  readonly #large: Automaton | null;
  readonly #codes: readonly number[];
  readonly #open: Position[] = [];
  readonly #seen: Set<string> = new Set();
  readonly #spend: Spend;
  #work = 0;

  constructor(smalls: readonly Automaton[], large: Automaton | null, spend: Spend) {
    this.#spend = spend;
    this.#smalls = smalls;
    this.#large = large;
    this.#codes = toCodes(large === null ? smalls : [...smalls, large]);
  }

  /** Whether there is none; null when there was no room to look. */
  find(): boolean | null {
    const large = this.#large?.close([this.#large.start], true) ?? [];
    const starts = this.#smalls.map((one) => one.close([one.start], true));
    this.#visitAll(starts, { large, isAtStart: true });
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      if (this.#isWitness(next)) return false;
      for (const code of this.#codes) {
        if (this.#work > MAX_WORK || (this.#work % WORK_PER_STEP === 0 && !this.#spend())) return null;
        this.#read(next, code);
      }
    }
    return true;
  }

  #isWitness({ smalls, large, isAtStart }: Position): boolean {
    if (this.#large?.accepts(large, isAtStart) === true) return false;
    return this.#smalls.every((one, index) => one.accepts([smalls[index] as number], isAtStart));
  }

  #read({ smalls, large }: Position, code: number): void {
    this.#work++;
    const next = this.#smalls.map((one, index) => one.read([smalls[index] as number], code));
    if (next.some((states) => states.length === 0)) return;
    this.#work += large.length >> 3;
    this.#visitAll(next, { large: this.#large?.read(large, code) ?? [], isAtStart: false });
  }

  /** Every way to choose one state of each list. */
  #visitAll(lists: readonly (readonly number[])[], at: Omit<Position, "smalls">): void {
    // Once found, a pattern stays found.
    if (this.#large !== null && at.large.includes(this.#large.found)) return;
    const place = `|${at.large.join()}|${at.isAtStart}`;
    const choose = (chosen: readonly number[]): void => {
      const list = lists[chosen.length];
      if (list === undefined) this.#visit({ ...at, smalls: chosen }, place);
      else if (this.#work <= MAX_WORK) for (const state of list) choose([...chosen, state]);
    };
    choose([]);
  }

  #visit(position: Position, place: string): void {
    this.#work++;
    const key = `${position.smalls.join()}${place}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#open.push(position);
  }
}

/** One character of each kind that any of `automata` tells from others. */
function toCodes(list: readonly Automaton[]): readonly number[] {
  const codes = new Set([0]);
  for (const { states } of list)
    for (const { steps } of states)
      for (const { set } of steps)
        for (const [low, high] of set) {
          codes.add(low);
          if (high < 0x10_ff_ff) codes.add(high + 1);
        }
  return [...codes];
}
