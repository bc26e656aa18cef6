// The registry as OpenAI's models see it. A binding holds the versions it was made from: what is published or granted
// later shows in the next one, and a call of a version that has changed is refused.
import type { PrincipalInput } from "../../call/principal.ts";
import { checkKeys, toRangeProblem } from "../../core/options.ts";
import { type Problem, toProblemsError } from "../../errors/toolyard-error.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { BindableRegistry, Binding, ModelCall, RunOptions, ToolReport } from "../binding.ts";
import { toAnswer, toCallRequest } from "../offered-call.ts";
import { selectTools, type ToolSelection } from "../select-tools.ts";
import { toWireNames } from "../wire-names.ts";
import { decodeChat } from "./decode-chat.ts";
import { decodeResponses } from "./decode-responses.ts";
import { encodeChat, encodeResponses } from "./encode.ts";
import type { RawCall } from "./raw-call.ts";
import { convertTool, type ConvertedTool, type OpenAiFormat, type StrictMode } from "./to-openai-tool.ts";
import type {
  ChatResult,
  ChatSource,
  ChatTool,
  ChatToolCall,
  ResponsesResult,
  ResponsesSource,
  ResponsesTool,
  ResponsesToolCall,
} from "./wire.ts";

export interface OpenAiOptions {
  /** Whose tools are shown, and as whom they are called. @default trusted code of this process */
  readonly principal?: PrincipalInput;
  /** `responses`: the Responses API; `chat`: Chat Completions. @default "responses" */
  readonly format?: OpenAiFormat;
  /** @default "off" */
  readonly strict?: StrictMode;
  /** Which of the tools the principal may see. @default all */
  readonly select?: ToolSelection;
  /** Calls of one response that run at the same time, 1 to 1,024. @default 8 */
  readonly concurrency?: number;
  /** Cancels the calls of every `run`; each is still answered. */
  readonly signal?: AbortSignal;
}

export type ChatBinding = Binding<ChatTool, ChatSource, ChatToolCall, ChatResult>;
export type ResponsesBinding = Binding<ResponsesTool, ResponsesSource, ResponsesToolCall, ResponsesResult>;

const OPTIONS = Object.keys({
  principal: 1,
  format: 1,
  strict: 1,
  select: 1,
  concurrency: 1,
  signal: 1,
} satisfies Record<keyof OpenAiOptions, 1>);
const FORMATS: readonly OpenAiFormat[] = ["responses", "chat"];
const STRICT_MODES: readonly StrictMode[] = ["off", "prefer", "require"];

/**
 * The tools of `registry` that the principal may see, for OpenAI's API, with the way back.
 * Throws INVALID_OPTION for an option that is not accepted, NOT_PUBLISHED when `select.names` refers to nothing, and
 * CONVERSION_REFUSED that lists every tool that cannot be strict when `strict` is `require`.
 */
export function openai(registry: BindableRegistry, options: OpenAiOptions & { readonly format: "chat" }): ChatBinding;
export function openai(
  registry: BindableRegistry,
  options?: OpenAiOptions & { readonly format?: "responses" },
): ResponsesBinding;
export function openai(registry: BindableRegistry, options?: OpenAiOptions): ChatBinding | ResponsesBinding;
export function openai(registry: BindableRegistry, options: OpenAiOptions = {}): ChatBinding | ResponsesBinding {
  checkOptions(options);
  const tools = selectTools(registry, options.select ?? {}, options.principal);
  return options.format === "chat"
    ? bind<ChatTool, ChatSource, ChatToolCall, ChatResult>(registry, tools, options, "chat", decodeChat, encodeChat)
    : bind<ResponsesTool, ResponsesSource, ResponsesToolCall, ResponsesResult>(
        registry,
        tools,
        options,
        "responses",
        decodeResponses,
        encodeResponses,
      );
}

function bind<WireTool extends ChatTool | ResponsesTool, WireSource, WireCall, WireResult>(
  registry: BindableRegistry,
  tools: readonly ToolDescription[],
  options: OpenAiOptions,
  format: OpenAiFormat,
  decodeRaw: (source: WireSource) => readonly RawCall<WireCall>[],
  encode: Binding<WireTool, WireSource, WireCall, WireResult>["encode"],
): Binding<WireTool, WireSource, WireCall, WireResult> {
  const names = toWireNames(tools.map(({ name }) => name));
  const byWireName = new Map<string, ToolDescription>();
  const report: ToolReport[] = [];
  const wires: WireTool[] = [];
  for (const tool of tools) {
    const wireName = names.get(tool.name) ?? tool.name;
    const { wire, strict, reason, changes } = convertTool(
      tool,
      format,
      options.strict ?? "off",
      wireName,
    ) as ConvertedTool<WireTool>;
    byWireName.set(wireName, tool);
    wires.push(wire);
    report.push(Object.freeze({ tool: tool.name, version: tool.version, wireName, strict, reason, changes }));
  }
  if (options.strict === "require") refuseLoose(report);

  const decode = (source: WireSource): readonly ModelCall<WireCall>[] => toModelCalls(decodeRaw(source), byWireName);
  const run = async (source: WireSource, runOptions: RunOptions = {}): Promise<WireResult[]> => {
    // Who calls was said when the binding was made: a `principal` here would be ignored.
    checkKeys("run", runOptions, ["signal"]);
    const { signal } = runOptions;
    const calls = decode(source);
    const offered = calls.map((call) => ({
      name: call.wireName,
      tool: call.tool,
      input: call.input,
      problem: call.problem,
    }));
    const signals = [options.signal, signal].filter((given) => given !== undefined);
    const outcomes = await registry.executeAll(offered.map(toCallRequest), {
      ...(options.principal && { principal: options.principal }),
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      ...(signals.length > 0 && { signal: signals.length === 1 ? signals[0] : AbortSignal.any(signals) }),
    });
    return calls.map((call, index) => {
      const [offer, outcome] = [offered[index], outcomes[index]];
      if (offer === undefined || outcome === undefined)
        throw new Error(`the registry gave no outcome for call ${index}`);
      return encode(call, toAnswer(offer, outcome, byWireName.keys()));
    });
  };
  return Object.freeze({ tools: wires, report: Object.freeze(report), decode, encode, run });
}

/** Each id once, in order of its first call: an API accepts one answer for an id, and one effect has to match it. */
function toModelCalls<WireCall>(
  raw: readonly RawCall<WireCall>[],
  byWireName: ReadonlyMap<string, ToolDescription>,
): readonly ModelCall<WireCall>[] {
  const counts = new Map<string, number>();
  for (const { id } of raw) counts.set(id, (counts.get(id) ?? 0) + 1);
  const seen = new Set<string>();
  const calls: ModelCall<WireCall>[] = [];
  for (const { id, name, input, problem, wire } of raw) {
    if (seen.has(id)) continue;
    seen.add(id);
    const tool = byWireName.get(name) ?? null;
    calls.push({ id, wireName: name, tool, input, problem, repeats: (counts.get(id) ?? 1) - 1, wire });
  }
  return calls;
}

function refuseLoose(report: readonly ToolReport[]): void {
  const problems = report.flatMap(({ tool, reason }): Problem[] =>
    reason === null ? [] : [{ path: tool, message: reason }],
  );
  if (problems.length === 0) return;
  throw toProblemsError(
    "CONVERSION_REFUSED",
    `openai: ${problems.length} of ${report.length} tools cannot be strict.`,
    problems,
  );
}

function checkOptions(options: OpenAiOptions): void {
  checkKeys("openai", options, OPTIONS);
  const problems = [
    ...toRangeProblem("concurrency", options.concurrency, 1, 1_024),
    ...toChoiceProblem("format", options.format, FORMATS),
    ...toChoiceProblem("strict", options.strict, STRICT_MODES),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "openai: options have problems.", problems);
}

function toChoiceProblem(path: string, value: string | undefined, known: readonly string[]): readonly Problem[] {
  if (value === undefined || known.includes(value)) return [];
  return [{ path, message: `received ${JSON.stringify(value)}, expected one of ${known.join(", ")}` }];
}
