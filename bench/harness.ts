// Measures contenders against one another: all of them in turn, round after round, in one process. A machine's speed
// changes from minute to minute; the ratio of two neighbours in a round changes far less.

/** Something to measure. */
export interface Contender {
  readonly name: string;
  /** Makes what the next `run` of the same count needs; not measured. */
  readonly prepare?: (count: number) => Promise<void> | void;
  /** Does the work `count` times. */
  readonly run: (count: number) => Promise<void> | void;
}

/** Middle and ends of the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Measured {
  readonly name: string;
  /** Nanoseconds for one time. */
  readonly ns: Spread;
  /** Round by round, this one over the base. */
  readonly ratio: Spread;
}

export interface MeasureOptions {
  /** How often each contender has its turn, 1 or more. */
  readonly rounds: number;
  /** How long a turn lasts, about; milliseconds. */
  readonly turnMs: number;
  /** Name of the contender that the others are divided by. @default the first */
  readonly base?: string;
  /** Milliseconds that have been spent. @default processor time of this process */
  readonly now?: () => number;
}

// A contender faster than this per call is measured by the loop around it, not by its work.
const MAX_COUNT = 2 ** 26;

/** What the rounds of one contender took. */
export interface Timed {
  readonly name: string;
  /** Nanoseconds for one time, round by round. */
  readonly ns: readonly number[];
}

/** Measures `contenders` in interleaved rounds; the order is reversed in every second one. */
export async function measure(contenders: readonly Contender[], options: MeasureOptions): Promise<readonly Measured[]> {
  const baseName = options.base ?? contenders[0]?.name ?? "";
  findTimed(contenders, baseName);
  const timed = await timeRounds(contenders, options);
  return timed.map((one) => toMeasured(one, findTimed(timed, baseName)));
}

/** The rounds of `measure` themselves, for what is compared with more than one base. */
export async function timeRounds(
  contenders: readonly Contender[],
  { rounds, turnMs, now = toProcessorMs }: Omit<MeasureOptions, "base">,
): Promise<readonly Timed[]> {
  const turns: Turn[] = [];
  for (const contender of contenders) turns.push(await calibrate(contender, turnMs, now));
  for (let round = 0; round < rounds; round++) {
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      turn.ns.push((await time(turn.contender, turn.count, now)) * (1e6 / turn.count));
    }
  }
  return turns.map(({ contender, ns }) => ({ name: contender.name, ns }));
}

/** The spreads of one contender, with its ratio to `base` in each round. */
export function toMeasured({ name, ns }: Timed, base: Timed): Measured {
  const ratio = ns.map((value, round) => value / (base.ns[round] ?? Number.NaN));
  return { name, ns: toSpread(ns), ratio: toSpread(ratio) };
}

/** The one that is called `name`. */
export function findTimed<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no contender ${JSON.stringify(name)} to compare with`);
  return found;
}

interface Turn {
  readonly contender: Contender;
  readonly count: number;
  readonly ns: number[];
}

/** Warms the contender up and finds how often it runs in `turnMs`. */
async function calibrate(contender: Contender, turnMs: number, now: () => number): Promise<Turn> {
  let count = 1;
  for (;;) {
    const took = await time(contender, count, now);
    if (took >= turnMs / 2 || count >= MAX_COUNT) {
      const fitting = took > 0 ? Math.round((count * turnMs) / took) : count;
      return { contender, count: Math.max(1, Math.min(MAX_COUNT, fitting)), ns: [] };
    }
    count *= 2;
  }
}

/**
 * User and system time of all threads of the process, so garbage collection and compilation count. On an idle machine it
 * is what a clock on the wall would show, or a little more; on a busy one it leaves out what others do.
 */
function toProcessorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Milliseconds that `count` times take. */
async function time(contender: Contender, count: number, now: () => number): Promise<number> {
  await contender.prepare?.(count);
  const startedAt = now();
  await contender.run(count);
  return now() - startedAt;
}

/** Median (of an even number: the mean of the middle two), least and greatest of `values`. */
export function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted.length % 2 === 1 ? upper : (sorted[middle - 1] ?? Number.NaN);
  return { median: (lower + upper) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** A contender that calls `work` and waits for it, one after another. */
export function awaited(name: string, work: () => Promise<unknown>): Contender {
  return {
    name,
    async run(count) {
      for (let index = 0; index < count; index++) await work();
    },
  };
}

/** What the loops of `direct` last saw: without a reader the engine could leave the work out. */
export const seen: { value: unknown } = { value: undefined };

/** A contender that calls `work`, which answers at once. */
export function direct(name: string, work: (index: number) => unknown): Contender {
  return {
    name,
    run(count) {
      for (let index = 0; index < count; index++) seen.value = work(index);
    },
  };
}
