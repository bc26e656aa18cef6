// One question or change for a store, drawn at random, and what two stores say to the same ones.
import fc from "fast-check";
import type { MaybePromise } from "../../../src/kernel/maybe-promise.ts";

export interface Step<Store> {
  readonly text: string;
  run(store: Store): MaybePromise<unknown>;
}

/** A step of `name` for each of what `given` draws. */
export function toStep<Store, Given>(
  name: string,
  given: fc.Arbitrary<Given>,
  run: (store: Store, given: Given) => MaybePromise<unknown>,
): fc.Arbitrary<Step<Store>> {
  return given.map((drawn) => {
    const text = `${name} ${fc.stringify(drawn)}`;
    return { text, run: (store) => run(store, drawn), [fc.toStringMethod]: () => text };
  });
}

/** Where the two differ first, or null. */
export async function findDifference<Store>(
  model: Store,
  store: Store,
  steps: readonly Step<Store>[],
): Promise<{ readonly step: string; readonly expected: unknown; readonly received: unknown } | null> {
  for (const [index, step] of steps.entries()) {
    const expected = await toAnswer(step, model);
    const received = await toAnswer(step, store);
    if (!isSame(expected, received)) return { step: `${index}: ${step.text}`, expected, received };
  }
  return null;
}

async function toAnswer<Store>(step: Step<Store>, store: Store): Promise<unknown> {
  try {
    return { answer: await step.run(store) };
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    return { rejected: code ?? message };
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return toText(a) === toText(b);
}

/** With the names of objects in one order, and what JSON has no words for. */
function toText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (member === undefined) return "undefined";
    if (typeof member === "number" && !Number.isFinite(member)) return String(member);
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Texts that databases are known to change, order otherwise or cut; few, so that they meet. */
export const text: fc.Arbitrary<string> = fc.constantFrom(
  ...["", "a", "A", "a ", "a\0", "\0", "\\0", "\\", "'", "%", "_", "ä", "a\u0308", "\uffee", "😀", "__proto__"],
);

/** Mostly one of few: what is asked of the same thing twice tells most. */
export function mostly<T>(few: readonly T[], others: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...few) }, { weight: 1, arbitrary: others });
}

export const change = fc.record({ at: fc.nat(9), by: fc.option(text), reason: fc.option(text) });

const plain = text.filter((one) => !one.includes("\0"));
/** As the registry gives it: who does something, and why, is said without control characters. */
export const plainChange = fc.record({ at: fc.nat(9), by: fc.option(plain), reason: fc.option(plain) });

export const json: fc.Arbitrary<null | string | number | { readonly [name: string]: unknown }> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(0, 1.5, 2 ** 53 - 1, -1e-9),
  text,
  fc.dictionary(fc.constantFrom("a", "b", "é"), fc.oneof(text, fc.constantFrom(1, null, true))),
);
