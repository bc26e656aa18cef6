// Walks a tree of choices depth first, by running the whole walk again from its start for every leaf: nothing of a walk is
// kept but the choices taken, so what is walked must depend on them alone.
//
// Of walks that differ only in the order of steps that commute, one is walked: "sleep sets" (Godefroid, "Partial-Order
// Methods for the Verification of Concurrent Systems", chapter 5). What was tried at a choice sleeps in the choices after
// its alternatives, until something is done with which it does not commute: woken before that, it would only lead to where
// the walk that began with it has been.

export interface Option {
  /** Unlike that of all other options of one walk. */
  readonly name: string;
}

export interface Choices<O extends Option> {
  /** The one that is taken of what is possible now. */
  choose(options: readonly O[]): O;
}

export interface Explored {
  /** Walks to their end. */
  readonly walks: number;
  /** Walks that were broken off, because all they could do now was done in another order. */
  readonly repeated: number;
}

interface Choice<O extends Option> {
  readonly options: readonly O[];
  readonly asleep: readonly O[];
  taken: number;
}

const REPEATED = Symbol("repeated");
// One step more in what is walked multiplies the walks: what cannot be walked in time is said to be so.
const MAX_WALKS = 100_000;

/**
 * Runs `walk` once for every sequence of choices, up to the order of what commutes. Rejects with the first walk that fails.
 */
export async function exploreAll<O extends Option>(
  walk: (choices: Choices<O>) => Promise<void>,
  commutes: (a: O, b: O) => boolean,
): Promise<Explored> {
  const path: Choice<O>[] = [];
  let walks = 0;
  let repeated = 0;
  do {
    if (await replay(path, walk, commutes)) walks++;
    else repeated++;
    if (walks + repeated > MAX_WALKS) throw new Error(`more than ${MAX_WALKS} walks`);
  } while (toNextPath(path));
  return { walks, repeated };
}

/** The path to the next leaf; false when there is none. */
function toNextPath<O extends Option>(path: Choice<O>[]): boolean {
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    if (++last.taken < last.options.length) return true;
    path.pop();
  }
  return false;
}

/** One walk along `path`, and on by first choices where it ends. Resolves to false when it was broken off. */
async function replay<O extends Option>(
  path: Choice<O>[],
  walk: (choices: Choices<O>) => Promise<void>,
  commutes: (a: O, b: O) => boolean,
): Promise<boolean> {
  let depth = 0;
  const choose = (options: readonly O[]): O => {
    const choice = path[depth] ?? toChoice(options, path.at(-1), commutes);
    const taken = choice.options[choice.taken];
    if (taken === undefined) throw REPEATED;
    path[depth++] = choice;
    const known = options.find(({ name }) => name === taken.name);
    if (known === undefined) throw new Error(`a walk is not deterministic: there is no ${taken.name} now`);
    return known;
  };
  try {
    await walk({ choose });
    return true;
  } catch (error) {
    if (error === REPEATED) return false;
    const taken = path.map((choice) => choice.options[choice.taken]?.name);
    throw new Error(`${String(error)}\nafter\n  ${taken.join("\n  ")}`, { cause: error });
  }
}

function toChoice<O extends Option>(
  options: readonly O[],
  before: Choice<O> | undefined,
  commutes: (a: O, b: O) => boolean,
): Choice<O> {
  const done = before?.options[before.taken];
  const asleep =
    before === undefined || done === undefined
      ? []
      : [...before.asleep, ...before.options.slice(0, before.taken)].filter((other) => commutes(other, done));
  const names = new Set(asleep.map(({ name }) => name));
  return { options: options.filter(({ name }) => !names.has(name)), asleep, taken: 0 };
}
