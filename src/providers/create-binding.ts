// What all bindings do alike: choose and name the tools, read the calls of a response, execute each exactly once as the
// binding's principal, and answer every one. A provider's folder says only what its formats look like.
// INVARIANT: one answer for each call id, in order, whatever happens: test/providers/.
import type { Outcome } from "../call/outcome.ts";
import type { PrincipalInput } from "../call/principal.ts";
import { checkKeys } from "../core/options.ts";
import { READER_NAME } from "../core/results/reader.ts";
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import type { BindableRegistry, Binding, ModelCall, RunOptions, ToolReport } from "./binding.ts";
import { toIdKey } from "./call-key.ts";
import { type OfferedCall, toAnswer, toCallRequest } from "./offered-call.ts";
import type { RawCall } from "./raw-call.ts";
import { selectTools, type ToolSelection } from "./select-tools.ts";
import { toWireName, toWireNames } from "./wire-names.ts";

export interface BindingOptions {
  /** Whose tools are shown, and as whom they are called. @default trusted code of this process */
  readonly principal?: PrincipalInput;
  /** Which of the tools the principal may see. @default all */
  readonly select?: ToolSelection;
  /** Calls of one response that run at the same time, 1 to 1,024. @default 8 */
  readonly concurrency?: number;
  /**
   * Whether a call's id is its idempotency key, for tools that write: only when the ids are unique for ever. A response
   * that is run twice then has its effects once.
   * @default false
   */
  readonly callIdsAsKeys?: boolean;
  /**
   * Most bytes of UTF-8 of one result, 1,024 to 16,777,216; a tool's own limit holds too. The rest is kept, to be read with
   * `toolyard.read_result`.
   * @default the registry's (262,144)
   */
  readonly maxResultBytes?: number;
  /** Whether control, bidirectional and ANSI characters in results become visible marks. @default false */
  readonly neutralise?: boolean;
  /** Cancels the calls of every `run`; each is still answered. */
  readonly signal?: AbortSignal;
}

/** How one tool was converted. */
export interface ConvertedTool<WireTool> {
  readonly wire: WireTool;
  readonly strict: boolean;
  /** Why it is not strict though that was asked for. */
  readonly reason: string | null;
  readonly changes: readonly string[];
  /** Whether a tool that is not strict is refused. */
  readonly mustBeStrict: boolean;
  /** The arguments a model sent as the tool has them; as in `CompiledSchema`. */
  restore(input: unknown): unknown;
}

/** What is the provider's own. */
export interface Format<WireTool, WireSource, WireCall, WireResult> {
  /** For errors, such as `openai`. */
  readonly name: string;
  convert(tool: ToolDescription, wireName: string): ConvertedTool<WireTool>;
  /** The calls of a response, in order. */
  decode(source: WireSource): readonly RawCall<WireCall>[];
  encode: Binding<WireTool, WireSource, WireCall, WireResult>["encode"];
}

/** A binding of `registry` in `format`. Throws NOT_PUBLISHED and CONVERSION_REFUSED. */
export function createBinding<WireTool, WireSource, WireCall, WireResult>(
  registry: BindableRegistry,
  options: BindingOptions,
  format: Format<WireTool, WireSource, WireCall, WireResult>,
): Binding<WireTool, WireSource, WireCall, WireResult> {
  const { principal } = options;
  const { tools, report, refused, byWireName, offer } = createOffer(format);
  const selected = selectTools(registry, options.select ?? {}, principal);
  const names = toWireNames(selected.map(({ name }) => name));
  for (const tool of selected) offer(tool, names.get(tool.name) ?? tool.name);
  refuseLoose(format.name, refused, report.length);

  const readerName = toWireName(READER_NAME);
  /** What a model may read on with has to be among its tools; a registry has it once it is needed. */
  const offerReader = (): void => {
    if (byWireName.has(readerName)) return;
    const reader = registry.get(READER_NAME, principal === undefined ? {} : { principal });
    if (reader !== undefined) offer(reader, readerName);
  };

  const decode = (source: WireSource): readonly ModelCall<WireCall>[] =>
    toModelCalls(format.decode(source), byWireName);

  const answer = async (call: ModelCall<WireCall>, offered: OfferedCall, outcome: Outcome): Promise<WireResult> => {
    const answered = toAnswer(offered, outcome, byWireName.keys());
    const text = await registry.results.toModelText(answered, {
      ...(principal && { principal }),
      ...(options.maxResultBytes !== undefined && { maxBytes: options.maxResultBytes }),
      ...(options.neutralise !== undefined && { neutralise: options.neutralise }),
      readerName,
    });
    return format.encode(call, answered, text);
  };

  const run = async (source: WireSource, runOptions: RunOptions = {}): Promise<WireResult[]> => {
    // Who calls was said when the binding was made: a `principal` here would be ignored.
    checkKeys("run", runOptions, ["signal"]);
    const calls = decode(source);
    const offered = calls.map(toOffered);
    const signals = [options.signal, runOptions.signal].filter((given) => given !== undefined);
    const outcomes = await registry.executeAll(
      calls.map((call, index) => toCallRequest(offered[index] ?? toOffered(call), toKey(call, options))),
      {
        ...(principal && { principal }),
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
        ...(signals.length > 0 && { signal: signals.length === 1 ? signals[0] : AbortSignal.any(signals) }),
      },
    );
    const results = await Promise.all(
      calls.map((call, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined) throw new Error(`the registry gave no outcome for call ${index}`);
        return answer(call, offered[index] ?? toOffered(call), outcome);
      }),
    );
    offerReader();
    return results;
  };
  return Object.freeze({ tools, report, decode, encode: format.encode, run });
}

/** What a model knows under a name. */
interface Offered {
  readonly tool: ToolDescription;
  readonly restore: (input: unknown) => unknown;
}

interface Offer<WireTool> {
  readonly tools: WireTool[];
  readonly report: ToolReport[];
  /** Tools that had to be strict and are not. */
  readonly refused: Problem[];
  readonly byWireName: Map<string, Offered>;
  readonly offer: (tool: ToolDescription, wireName: string) => void;
}

/** What a model is shown; grows tool by tool. */
function createOffer<WireTool>(format: {
  convert(tool: ToolDescription, wireName: string): ConvertedTool<WireTool>;
}): Offer<WireTool> {
  const byWireName = new Map<string, Offered>();
  const report: ToolReport[] = [];
  const refused: Problem[] = [];
  const tools: WireTool[] = [];
  const offer = (tool: ToolDescription, wireName: string): void => {
    const { wire, strict, reason, changes, mustBeStrict, restore } = format.convert(tool, wireName);
    byWireName.set(wireName, { tool, restore });
    if (mustBeStrict && reason !== null) refused.push({ path: tool.name, message: reason });
    tools.push(wire);
    report.push(Object.freeze({ tool: tool.name, version: tool.version, wireName, strict, reason, changes }));
  };
  return { tools, report, refused, byWireName, offer };
}

function toOffered({ wireName, tool, input, problem }: ModelCall): OfferedCall {
  return { name: wireName, tool, input, problem };
}

function toKey({ tool, id }: ModelCall, { callIdsAsKeys }: BindingOptions): string | null {
  return callIdsAsKeys !== true || tool === null ? null : toIdKey(tool, id);
}

/** Each id once, in order of its first call: an API accepts one answer for an id, and one effect has to match it. */
function toModelCalls<WireCall>(
  raw: readonly RawCall<WireCall>[],
  byWireName: ReadonlyMap<string, Offered>,
): readonly ModelCall<WireCall>[] {
  const counts = new Map<string, number>();
  for (const { id } of raw) counts.set(id, (counts.get(id) ?? 0) + 1);
  const seen = new Set<string>();
  const calls: ModelCall<WireCall>[] = [];
  for (const { id, name, input, problem, wire } of raw) {
    if (seen.has(id)) continue;
    seen.add(id);
    const offered = byWireName.get(name);
    const restored = offered === undefined || problem !== null ? input : offered.restore(input);
    const repeats = (counts.get(id) ?? 1) - 1;
    calls.push({ id, wireName: name, tool: offered?.tool ?? null, input: restored, problem, repeats, wire });
  }
  return calls;
}

function refuseLoose(provider: string, refused: readonly Problem[], tools: number): void {
  if (refused.length === 0) return;
  const title = `${provider}: ${refused.length} of ${tools} tools cannot be strict.`;
  throw toProblemsError("CONVERSION_REFUSED", title, refused);
}
