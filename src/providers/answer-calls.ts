// Executes the calls of a response and answers each one: those of tools through the registry, searches by the binding,
// and calls that wrap others by the results of all of them.
import type { PrincipalInput } from "../call/principal.ts";
import type { Outcome } from "../call/outcome.ts";
import type { BindableRegistry, ModelCall } from "./binding.ts";
import type { BindingOptions } from "./binding-options.ts";
import { toIdKey } from "./call-key.ts";
import { type OfferedCall, toAnswer, toCallRequest } from "./offered-call.ts";

/** A call with what came of it and what the model reads of that. */
export interface AnsweredCall<WireCall> {
  readonly call: ModelCall<WireCall>;
  readonly outcome: Outcome;
  readonly text: string;
}

/** What it takes besides the calls. */
export interface AnswerContext {
  readonly registry: BindableRegistry;
  readonly options: BindingOptions;
  readonly signal: AbortSignal | undefined;
  /** What a model calls the tool that reads on in a result that was too long. */
  readonly readerName: string;
  /** The names the model may use. */
  names(): Iterable<string>;
  /** The outcome without what goes beside its text. */
  toTextOutcome(outcome: Outcome): Outcome;
}

/** The calls, none of which is a search, executed in parallel; in their order. */
export async function answerCalls<WireCall>(
  calls: readonly ModelCall<WireCall>[],
  context: AnswerContext,
): Promise<readonly AnsweredCall<WireCall>[]> {
  const leaves = calls.flatMap((call) => (call.inner.length > 0 ? call.inner : [call]));
  const answered = new Map((await answerLeaves(leaves, context)).map((one) => [one.call, one]));
  return calls.map((call) => {
    const inner = call.inner.map((one) => take(answered, one));
    return inner.length === 0 ? take(answered, call) : toJoined(call, inner);
  });
}

async function answerLeaves<WireCall>(
  calls: readonly ModelCall<WireCall>[],
  { registry, options, signal, readerName, names, toTextOutcome }: AnswerContext,
): Promise<readonly AnsweredCall<WireCall>[]> {
  const { principal, concurrency, maxResultBytes, neutralise } = options;
  const as: { readonly principal?: PrincipalInput } = principal === undefined ? {} : { principal };
  const requests = calls.map((call) => toCallRequest(toOffered(call), toKey(call, options)));
  const outcomes = await registry.executeAll(requests, {
    ...as,
    ...(concurrency !== undefined && { concurrency }),
    ...(signal !== undefined && { signal }),
  });
  return Promise.all(
    calls.map(async (call, index) => {
      const given = outcomes[index];
      if (given === undefined) throw new Error(`the registry gave no outcome for call ${index}`);
      const outcome = toAnswer(toOffered(call), given, names());
      const text = await registry.results.toModelText(toTextOutcome(outcome), {
        ...as,
        ...(maxResultBytes !== undefined && { maxBytes: maxResultBytes }),
        ...(neutralise !== undefined && { neutralise }),
        readerName,
      });
      return { call, outcome, text };
    }),
  );
}

function take<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error("a call was not answered");
  return value;
}

/** One answer out of several: a failure among them makes it one. */
function toJoined<WireCall>(
  call: ModelCall<WireCall>,
  inner: readonly AnsweredCall<WireCall>[],
): AnsweredCall<WireCall> {
  const results = inner.map(({ call: { wireName }, text }) => ({ recipient_name: wireName, output: text }));
  const [first] = inner;
  const outcome = (inner.find((one) => !one.outcome.ok) ?? first)?.outcome;
  if (outcome === undefined) throw new Error("a call that wraps none was joined");
  return { call, outcome: outcome.ok ? { ...outcome, content: [] } : outcome, text: JSON.stringify(results) };
}

function toOffered({ wireName, tool, input, problem }: ModelCall): OfferedCall {
  return { name: wireName, tool, input, problem };
}

function toKey({ tool, id, isIdMadeUp }: ModelCall, { callIdsAsKeys }: BindingOptions): string | null {
  // An id of ours is the same in the next response: as a key it would give back another call's outcome.
  return callIdsAsKeys !== true || isIdMadeUp === true || tool === null ? null : toIdKey(tool, id);
}
