// Sets of code points as sorted ranges that do not touch.

export type CharSet = readonly (readonly [low: number, high: number])[];

const LAST = 0x10_ff_ff;

/** Every code point. */
export const ANY_CHAR: CharSet = [[0, LAST]];
export const DIGITS: CharSet = [[0x30, 0x39]];
export const WORDS: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
/** `WhiteSpace` and `LineTerminator` of ECMA-262, as `pattern.ts` runs `\s`. */
export const SPACES: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x16_80, 0x16_80],
  [0x20_00, 0x20_0a],
  [0x20_28, 0x20_29],
  [0x20_2f, 0x20_2f],
  [0x20_5f, 0x20_5f],
  [0x30_00, 0x30_00],
  [0xfe_ff, 0xfe_ff],
];
const LINE_ENDS: CharSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x20_28, 0x20_29],
];

/** All of `sets`. */
export function unite(sets: readonly CharSet[]): CharSet {
  const sorted = sets.flat().sort((a, b) => a[0] - b[0]);
  const united: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = united.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else united.push([low, high]);
  }
  return united;
}

/** Everything but `set`. */
export function invert(set: CharSet): CharSet {
  const inverted: [number, number][] = [];
  let next = 0;
  for (const [low, high] of set) {
    if (low > next) inverted.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= LAST) inverted.push([next, LAST]);
  return inverted;
}

/** What `.` stands for. */
export const NO_LINE_END: CharSet = invert(LINE_ENDS);

export function hasChar(set: CharSet, code: number): boolean {
  return set.some(([low, high]) => code >= low && code <= high);
}
