// Ids for the calls of a model: models use one twice, or none, and whatever answers a call has to name it.
import type { CallInMessage, Message } from "./message.ts";

/** The calls with ids that are unique in the conversation; the same array when they were. */
export function withUniqueIds(calls: readonly CallInMessage[], messages: readonly Message[]): readonly CallInMessage[] {
  if (calls.length === 0) return calls;
  const used = new Set(
    messages.flatMap((message) => (message.role === "assistant" ? message.calls.map(({ id }) => id) : [])),
  );
  // Where the search goes on for an id that came before: a model that repeats one must not make it quadratic.
  const next = new Map<string, number>();
  let changed = false;
  const unique = calls.map((call) => {
    let id = call.id;
    let count = next.get(call.id) ?? 2;
    for (; id === "" || used.has(id); count++) id = `${call.id === "" ? "call" : call.id}_${count}`;
    next.set(call.id, count);
    used.add(id);
    changed ||= id !== call.id;
    return id === call.id ? call : { ...call, id };
  });
  return changed ? unique : calls;
}
