// What the API remembers of a project: the items it kept, by which a later request may refer to them, and what it said, to
// tell when an item comes back without a part that it needs.
import { type Json, toObjects } from "./problem.ts";

export interface Memory {
  /** Response id → its input and output, of those that were kept. */
  readonly conversations: Map<string, readonly Json[]>;
  /** Item id → the item, of those that were kept. */
  readonly items: Map<unknown, Json>;
  /** Item id → the id of the reasoning it followed from. */
  readonly reasons: Map<unknown, string>;
  /** Call id → the call. */
  readonly calls: Map<unknown, Json>;
}

export function createMemory(): Memory {
  return { conversations: new Map(), items: new Map(), reasons: new Map(), calls: new Map() };
}

/** What was said before `body`, as far as it refers to it. */
export function recallConversation(memory: Memory, body: Json): readonly Json[] {
  return memory.conversations.get(String(body["previous_response_id"])) ?? [];
}

export function toItems(input: unknown): readonly Json[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : toObjects(input);
}

/** Remembers an answer to `body`. */
export function remember(memory: Memory, body: Json, response: Json): void {
  const output = toObjects(response["output"]);
  let reasoning: Json | undefined;
  for (const item of output) {
    if (item["type"] === "reasoning") reasoning = item;
    if (item["call_id"] !== undefined) memory.calls.set(item["call_id"], item);
    if (body["store"] === false) continue;
    memory.items.set(item["id"], item);
    if (reasoning !== undefined && item !== reasoning) memory.reasons.set(item["id"], String(reasoning["id"]));
  }
  if (body["store"] === false) return;
  const before = recallConversation(memory, body);
  memory.conversations.set(String(response["id"]), [...before, ...toItems(body["input"]), ...output]);
}
