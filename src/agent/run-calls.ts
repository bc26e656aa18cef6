// The calls of one answer, reviewed and executed in parallel, each result told as soon as it is there. Every call gets an
// outcome, or waits: a model's API refuses a conversation in which one is unanswered.
import type { PrincipalInput } from "../call/principal.ts";
import type { Registry } from "../core/registry.ts";
import { toIdKey, toTurnKey } from "../providers/call-key.ts";
import { toAnswer, toCallRequest } from "../providers/offered-call.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import type { ApprovalDecision, Approve } from "./approval.ts";
import type { ChatCall } from "./events.ts";
import type { CallInMessage } from "./message.ts";
import { isPending, reviewCall } from "./review-call.ts";

/** A call that has no result yet. */
export interface OpenCall {
  readonly call: CallInMessage;
  /** What the model was shown under that name, if anything. */
  readonly tool: ToolDescription | null;
  /** Whether `approve` said "later". */
  readonly asked: boolean;
}

export interface CallContext {
  readonly registry: Pick<Registry, "execute">;
  /** What a call that was not offered could have been, by name. */
  readonly offered: readonly string[];
  /** As whom, and until when. */
  readonly options: { readonly principal?: PrincipalInput; readonly signal: AbortSignal };
  readonly concurrency: number;
  /** Names the turn in its calls' keys; null: their ids are their keys. */
  readonly turn: string | null;
  readonly approve: Approve | null;
  /** What was decided beforehand, by id. */
  readonly decisions: ReadonlyMap<string, ApprovalDecision>;
}

export interface RanCalls {
  /** In the order of the calls. */
  readonly ended: readonly ChatCall[];
  readonly waiting: readonly OpenCall[];
}

/** Runs the calls. Who waits for an approval holds no place of the `concurrency`. */
export async function runCalls(
  calls: readonly OpenCall[],
  context: CallContext,
  onResult: (call: ChatCall) => void,
): Promise<RanCalls> {
  const { registry, offered, options, turn } = context;
  const places = createPlaces(context.concurrency);

  const runOne = async (open: OpenCall): Promise<ChatCall | OpenCall> => {
    const { id, tool: name, input } = open.call;
    const call = { name, tool: open.tool, input, problem: null };
    const request = toCallRequest(call, toKey(open.tool, turn, id, input));
    const review = await reviewCall(open, request, context);
    if (review.kind === "later") return { ...open, asked: review.asked };
    if (review.kind === "answer") return { id, tool: name, input, outcome: review.outcome };
    const { tool: ref, input: given, ...pinned } = request;
    await places.take();
    try {
      const outcome = await registry.execute(ref, given, { ...options, ...pinned });
      if (isPending(outcome)) return { ...open, asked: false };
      return { id, tool: name, input, outcome: toAnswer(call, outcome, offered) };
    } finally {
      places.giveBack();
    }
  };
  const ran = await Promise.all(
    calls.map(async (open) => {
      const one = await runOne(open);
      if ("outcome" in one) onResult(one);
      return one;
    }),
  );
  return {
    ended: ran.filter((one) => "outcome" in one),
    waiting: ran.filter((one): one is OpenCall => !("outcome" in one)),
  };
}

function toKey(tool: ToolDescription | null, turn: string | null, id: string, input: unknown): string | null {
  if (tool === null) return null;
  return turn === null ? toIdKey(tool, id) : toTurnKey(tool, turn, id, input);
}

/** So many places; who comes when all are taken waits in line. */
function createPlaces(count: number): { take(): Promise<void>; giveBack(): void } {
  const line: (() => void)[] = [];
  let free = count;
  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => line.push(resolve));
    },
    giveBack() {
      const next = line.shift();
      if (next === undefined) free++;
      else next();
    },
  };
}
