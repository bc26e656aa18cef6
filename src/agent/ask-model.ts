// Asks the model again when its API failed in a way that passes, within a budget of the chat. "Full jitter": AWS
// Architecture Blog, "Exponential Backoff And Jitter" (2015).
import type { Clock } from "../kernel/clock.ts";
import type { Random } from "../kernel/random.ts";
import type { ChatEvent, ChatUsage } from "./events.ts";
import type { Model, ModelTurn } from "./model.ts";
import { readAnswer, type ReadAnswer } from "./read-answer.ts";
import { waitMs } from "./wait-for.ts";

export interface RetryBudget {
  readonly max: number;
  /** How many were made. */
  used: number;
  readonly clock: Clock;
  readonly random: Random;
}

const BASE_MS = 500;
const CAP_MS = 60_000;

/** The answer; its usage is the sum over all attempts. `tell` gets the text and each retry. Never rejects. */
export async function askModel(
  model: Model,
  turn: ModelTurn,
  budget: RetryBudget,
  tell: (event: Extract<ChatEvent, { type: "text" | "retry" }>) => void,
): Promise<ReadAnswer> {
  let sum: ChatUsage | null = null;
  for (;;) {
    const read = await readAnswer(model, turn, (text) => tell({ type: "text", text }));
    sum = addUsage(sum, read.usage);
    if (read.kind !== "failed" || !read.error.retryable || budget.used >= budget.max) return { ...read, usage: sum };
    const attempt = ++budget.used;
    const delayMs = toDelayMs(attempt, budget.random, read.error.retryAfterMs);
    tell({ type: "retry", attempt, delayMs, error: read.error });
    if (!(await waitMs(budget.clock, delayMs, turn.signal))) return { kind: "cancelled", text: "", usage: sum };
  }
}

/** The sum of what is known. */
export function addUsage(sum: ChatUsage | null, usage: ChatUsage | null): ChatUsage | null {
  if (sum === null || usage === null) return sum ?? usage;
  return { inputTokens: sum.inputTokens + usage.inputTokens, outputTokens: sum.outputTokens + usage.outputTokens };
}

/** Milliseconds before retry number `attempt` (1: the first), at most a minute; never before what the API asked for, up to that. */
function toDelayMs(attempt: number, random: Random, retryAfterMs: number | null): number {
  // Up to a little later, because everybody was told the same time.
  const delay =
    retryAfterMs !== null && retryAfterMs >= 0
      ? retryAfterMs + random.next() * BASE_MS
      : random.next() * BASE_MS * 2 ** (attempt - 1);
  return Math.min(CAP_MS, delay);
}
