// Where a process may die during a call that writes, in the order in which a call comes there, and what its client finds when it
// asks again with the same key.

export interface AfterCrash {
  /** How often the effect has happened once the client has asked again. */
  readonly effects: 0 | 1;
  /** What the client is told: the result of its second call, that of the first, or that nobody knows. */
  readonly told: "done" | "done before" | "unknown";
}

export const CRASH_POINTS = {
  // Nobody has heard of the call: it is made anew.
  "before-begin": { effects: 1, told: "done" },
  "in-begin": { effects: 1, told: "done" },
  // From here on it may have happened, whether or not it has.
  "after-begin": { effects: 0, told: "unknown" },
  "handler-entered": { effects: 0, told: "unknown" },
  "effect-done": { effects: 1, told: "unknown" },
  "before-store": { effects: 1, told: "unknown" },
  // The outcome is kept under the key.
  "after-store": { effects: 1, told: "done before" },
  "before-append": { effects: 1, told: "done before" },
  "after-append": { effects: 1, told: "done before" },
} as const satisfies Readonly<Record<string, AfterCrash>>;

export type CrashPoint = keyof typeof CRASH_POINTS;
