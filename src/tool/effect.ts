// What a call does to the world, and so what may be repeated. Left out, a tool is destructive: the careful reading.

/** `read` changes nothing; `write` adds or changes; `destructive` may remove or overwrite what cannot be got back. */
export type Effect = "read" | "write" | "destructive";

export const EFFECTS: readonly Effect[] = Object.freeze(["read", "write", "destructive"]);
