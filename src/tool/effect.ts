// What a call does to the world, and so what may be repeated. Left out, a tool is destructive: the careful reading.
// Everything that repeats, caches or recovers a call reads `EFFECT_DEFAULTS`; nothing else decides it.
// INVARIANT: pinned by test/pins/effects.test.ts and documented in docs/effects.md.

/** `read` changes nothing; `write` adds or changes; `destructive` may remove or overwrite what cannot be got back. */
export type Effect = "read" | "write" | "destructive";

export const EFFECTS: readonly Effect[] = Object.freeze(["read", "write", "destructive"]);

export interface EffectDefaults {
  /** Whether repeating a call changes nothing more, unless the definition says so itself. */
  readonly idempotent: boolean;
  /** Repeats after a failure of a call that may be repeated: see `isRepeatable`. */
  readonly repeats: number;
  /** Whether answers may be cached. */
  readonly cacheable: boolean;
  /** What a call is that lost its answer: its deadline passed, its caller left, its connection broke. */
  readonly lostAnswer: "TIMEOUT" | "OUTCOME_UNKNOWN";
  /** Whether an agent's loop gives each call an idempotency key of its own. */
  readonly keyedByAgents: boolean;
}

const WRITE: EffectDefaults = Object.freeze({
  idempotent: false,
  repeats: 3,
  cacheable: false,
  lostAnswer: "OUTCOME_UNKNOWN",
  keyedByAgents: true,
});

/** The defaults of each effect. */
export const EFFECT_DEFAULTS: Readonly<Record<Effect, EffectDefaults>> = Object.freeze({
  read: Object.freeze({ idempotent: true, repeats: 3, cacheable: true, lostAnswer: "TIMEOUT", keyedByAgents: false }),
  write: WRITE,
  destructive: WRITE,
});

/**
 * Whether an attempt of a tool may be made again after one that may have had its effect: the tool only reads, says that
 * repeating changes nothing more, or passes on the idempotency key that this call has.
 */
export function isRepeatable(
  {
    effect,
    idempotent,
    honoursKeys,
  }: { readonly effect: Effect; readonly idempotent: boolean; readonly honoursKeys: boolean },
  keyed: boolean,
): boolean {
  return effect === "read" || idempotent || (keyed && honoursKeys);
}
