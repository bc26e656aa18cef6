// Hooks of all five kinds, each of which waits for its turn.
import type { Outcome } from "../../src/call/outcome.ts";
import type { HookRefusal, Hooks } from "../../src/pipeline/hooks.ts";
import type { Step } from "./scheduled-stores.ts";

export type Mood = "helpful" | "refusing" | "broken" | "impatient";

/** Mostly helpful, so that most calls come to their handlers. */
export const MOODS: readonly Mood[] = [...Array<Mood>(20).fill("helpful"), "refusing", "broken", "impatient"];

/** Hooks that only write down what began and how it was settled. */
export function createRecordingHooks({
  begun,
  settled,
}: {
  readonly begun: Set<string>;
  readonly settled: Map<string, Outcome[]>;
}): Hooks {
  return {
    beforeAuthorize(call) {
      begun.add(call.id);
    },
    onSettled(call, outcome) {
      settled.set(call.id, [...(settled.get(call.id) ?? []), outcome]);
    },
  };
}

/** Hooks of all five kinds; `next` is the mood of the next one that is run. */
export function createScheduledHooks(step: Step, next: () => Mood): Hooks {
  const take = async <T>(label: string, answer: (mood: Mood) => T): Promise<T> => {
    const mood = next();
    await step(label);
    if (mood === "broken") throw new Error("a hook broke");
    return answer(mood);
  };
  const guard = (label: string): Promise<HookRefusal | undefined> =>
    take(label, (mood) => (mood === "refusing" ? { refuse: "Not now." } : undefined));
  return {
    beforeAuthorize: () => guard("beforeAuthorize"),
    beforeAttempt: () => guard("beforeAttempt"),
    aroundAttempt: (_, attempt) =>
      take("aroundAttempt", (mood) => {
        const output = attempt();
        return mood === "impatient" ? "made up" : output;
      }),
    afterOutcome: (_, outcome) => take("afterOutcome", (mood) => (mood === "refusing" ? { ...outcome } : undefined)),
    onSettled: () => take("onSettled", () => {}),
  };
}
