// A pattern as an automaton that reads a whole text: what comes before and after the place where the pattern fits is read too.
import { ANY_CHAR, type CharSet, hasChar } from "./char-set.ts";
import type { PatternTree } from "./parse-pattern.ts";

interface State {
  readonly steps: { readonly set: CharSet; readonly to: number }[];
  /** Where it goes without reading anything: always, at the beginning of the text, at its end. */
  readonly free: number[];
  readonly atStart: number[];
  readonly atEnd: number[];
}

/** More states than this are not built. */
const MAX_STATES = 1_500;

export class Automaton {
  readonly states: readonly State[];
  readonly start: number;
  /** The state in which the pattern has been found; whatever follows, it stays found. */
  readonly found: number;

  constructor(states: readonly State[], start: number, found: number) {
    this.states = states;
    this.start = start;
    this.found = found;
  }

  /** Where `from` leads without reading, at the beginning of a text or within it. Sorted. */
  close(from: Iterable<number>, isAtStart: boolean, isAtEnd = false): readonly number[] {
    const closed = new Set<number>();
    const open = [...from];
    while (open.length > 0) {
      const next = open.pop() as number;
      if (closed.has(next)) continue;
      closed.add(next);
      const { free, atStart, atEnd } = this.states[next] as State;
      open.push(...free);
      if (isAtStart) open.push(...atStart);
      if (isAtEnd) open.push(...atEnd);
    }
    return [...closed].sort((a, b) => a - b);
  }

  /** Where the closed states `from` lead by reading `code`. */
  read(from: readonly number[], code: number): readonly number[] {
    const next = new Set<number>();
    for (const state of from)
      for (const { set, to } of (this.states[state] as State).steps) if (hasChar(set, code)) next.add(to);
    return this.close(next, false);
  }

  /** Whether a text that ends in the closed states `at` fits. */
  accepts(at: readonly number[], isAtStart: boolean): boolean {
    return at.includes(this.found) || this.close(at, isAtStart, true).includes(this.found);
  }
}

/** The automaton of a pattern; null when it is too large. */
export function toAutomaton(tree: PatternTree): Automaton | null {
  const builder = new Builder();
  const start = builder.add();
  const found = builder.add();
  builder.step(start, ANY_CHAR, start);
  builder.step(found, ANY_CHAR, found);
  if (!builder.build(tree, start, found)) return null;
  return new Automaton(builder.states, start, found);
}

class Builder {
  readonly states: State[] = [];

  add(): number {
    this.states.push({ steps: [], free: [], atStart: [], atEnd: [] });
    return this.states.length - 1;
  }

  step(from: number, set: CharSet, to: number): void {
    this.states[from]?.steps.push({ set, to });
  }

  /** Builds `tree` between two states; false when there is no more room. */
  build(tree: PatternTree, from: number, to: number): boolean {
    if (this.states.length > MAX_STATES) return false;
    const state = this.states[from] as State;
    switch (tree.kind) {
      case "set":
        this.step(from, tree.set, to);
        return true;
      case "start":
        state.atStart.push(to);
        return true;
      case "end":
        state.atEnd.push(to);
        return true;
      case "alternatives":
        return tree.items.every((item) => {
          const [first, last] = [this.add(), this.add()];
          state.free.push(first);
          this.states[last]?.free.push(to);
          return this.build(item, first, last);
        });
      case "sequence":
        return this.#sequence(tree.items, from, to);
      case "repeat":
        return this.#repeat(tree, from, to);
    }
  }

  #sequence(items: readonly PatternTree[], from: number, to: number): boolean {
    let at = from;
    for (const item of items) {
      const next = this.add();
      if (!this.build(item, at, next)) return false;
      at = next;
    }
    this.states[at]?.free.push(to);
    return true;
  }

  #repeat({ item, min, max }: PatternTree & { readonly kind: "repeat" }, from: number, to: number): boolean {
    let at = this.add();
    this.states[from]?.free.push(at);
    for (let count = 0; count < (max ?? min); count++) {
      if (count >= min) this.states[at]?.free.push(to);
      const next = this.add();
      if (!this.build(item, at, next)) return false;
      at = next;
    }
    this.states[at]?.free.push(to);
    if (max !== null) return true;
    // Any number of times more, from a state of its own, so that what led here is not repeated.
    const [loop, back] = [this.add(), this.add()];
    this.states[at]?.free.push(loop);
    this.states[back]?.free.push(loop, to);
    return this.build(item, loop, back);
  }
}
