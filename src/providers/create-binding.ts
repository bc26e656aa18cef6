// What all bindings do alike: choose and name the tools, read the calls of a response, execute each exactly once as the
// binding's principal, and answer every one. A provider's folder says only what its formats look like.
// INVARIANT: one answer for each call id, in order, whatever happens: test/providers/.
import type { ContentPart } from "../call/content.ts";
import { toModelText } from "../call/model-text.ts";
import { checkKeys } from "../core/options.ts";
import { READER_NAME } from "../core/results/reader.ts";
import { answerCalls, type AnswerContext } from "./answer-calls.ts";
import type { BindableRegistry, Binding, ModelCall, RunOptions, Wire } from "./binding.ts";
import type { BindingOptions } from "./binding-options.ts";
import { readCalls, type WrappedCall } from "./call-reader.ts";
import { type Convert, createOffer, type Offer, type OfferedTool, refuseLoose } from "./offer.ts";
import { splitMedia } from "./split-media.ts";
import type { RawCall } from "./raw-call.ts";
import { checkSelection, selectTools, toAllowedNames } from "./select-tools.ts";
import { createShownTools, type Shown, type ShownTools } from "./shown.ts";
import { toWireName, toWireNames } from "./wire-names.ts";

/** What came of a call, as a model is told. */
export interface Answer {
  readonly ok: boolean;
  /** What it reads. */
  readonly text: string;
  /** What goes beside the text; only parts that the format takes. */
  readonly parts: readonly ContentPart[];
}

/** What is the provider's own. */
export interface Format<WireTool, W extends Wire> {
  /** For errors, such as `openai`. */
  readonly name: string;
  readonly convert: Convert<WireTool>;
  /** A fresh container. */
  toTools(shown: Shown<WireTool>): W["tools"];
  /**
   * What narrows a request, in which `shown` is, to the tools of these names (null: to none); undefined when nothing does,
   * or the provider has no such thing.
   */
  toChoice(allowed: readonly string[] | null, shown: Shown<WireTool>): W["choice"] | undefined;
  /** Whether the provider has a search of its own for deferred tools. */
  readonly hasSearch: boolean;
  /** The calls of a response, in order. */
  decode(source: W["source"]): readonly RawCall<W["call"]>[];
  /** The calls that one call wraps; null when it wraps none. */
  unwrap?(call: RawCall<W["call"]>): readonly WrappedCall[] | null;
  /** Whether a part of an outcome's content goes beside the text; without it, none does. */
  takes?(part: ContentPart): boolean;
  encode(call: ModelCall<W["call"]>, answer: Answer): W["result"];
  /** The answer to a search that loads what was found; without it, the found tools join those of the next request. */
  encodeSearch?(call: ModelCall<W["call"]>, found: readonly OfferedTool<WireTool>[]): W["result"];
  toMessages: Binding<W>["toMessages"];
  collect: Binding<W>["collect"];
}

/** A binding of `registry` in `format`. Throws INVALID_OPTION, NOT_PUBLISHED and CONVERSION_REFUSED. */
export function createBinding<WireTool, W extends Wire>(
  registry: BindableRegistry,
  options: BindingOptions,
  format: Format<WireTool, W>,
): Binding<W> {
  const { principal } = options;
  const { allowed, defer = false, search, ...select } = checkSelection(format, options.select ?? {});
  const selected = selectTools(registry, select, principal);
  const names = toWireNames(selected.map(({ name }) => name));
  const allowedNames = allowed === undefined ? null : toAllowedNames(registry, allowed, principal);
  const offer = createOffer(format.convert);
  offer.add(
    selected.map((tool) => ({
      tool,
      wireName: names.get(tool.name) ?? tool.name,
      deferred: typeof defer === "function" ? defer(tool) : defer,
    })),
  );
  refuseLoose(format.name, offer.tools);
  const shown = createShownTools(offer, search ?? (format.hasSearch ? "provider" : "binding"));
  const reading = {
    unwrap: (call: RawCall<W["call"]>) => format.unwrap?.(call) ?? null,
    allowed: allowedNames,
    searchName: shown.searchName,
  };
  const decode: Binding<W>["decode"] = (source) => readCalls(format.decode(source), offer, reading);
  const encode = createEncode(format);
  return Object.freeze({
    get tools() {
      return format.toTools(shown.current);
    },
    get toolChoice() {
      return format.toChoice(allowedNames === null ? null : toWireList(offer, allowedNames), shown.current);
    },
    report: offer.report,
    decode,
    encode,
    run: createRun({ registry, options, format, offer, shown, decode, encode }),
    toMessages: format.toMessages.bind(format),
    collect: format.collect.bind(format),
  } satisfies Binding<W>);
}

function toWireList(offer: Offer<unknown>, allowed: ReadonlySet<string>): readonly string[] {
  return offer.tools.filter(({ tool }) => allowed.has(tool.name)).map(({ wireName }) => wireName);
}

function createEncode<W extends Wire>(format: Pick<Format<never, W>, "takes" | "encode">): Binding<W>["encode"] {
  return (call, outcome, given) => {
    const { text: shown, parts } = splitMedia(outcome, format.takes);
    const text = given ?? toModelText(shown);
    return format.encode(call, { ok: outcome.ok, text: withRepeats(call, text), parts });
  };
}

function withRepeats({ repeats }: ModelCall, text: string): string {
  if (repeats === 0) return text;
  const others =
    repeats === 1
      ? "1 other call came under the same id and was"
      : `${repeats} other calls came under the same id and were`;
  return `${text}\n(${others} not executed; use an id once.)`;
}

interface Run<WireTool, W extends Wire> {
  readonly registry: BindableRegistry;
  readonly options: BindingOptions;
  readonly format: Format<WireTool, W>;
  readonly offer: Offer<WireTool>;
  readonly shown: ShownTools<WireTool>;
  readonly decode: Binding<W>["decode"];
  readonly encode: Binding<W>["encode"];
}

function createRun<WireTool, W extends Wire>(parts: Run<WireTool, W>): Binding<W>["run"] {
  const { registry, options, format, offer, shown, decode, encode } = parts;
  const context: Omit<AnswerContext, "signal"> = {
    registry,
    options,
    readerName: toWireName(READER_NAME),
    names: offer.names,
    toTextOutcome: (outcome) => splitMedia(outcome, format.takes).text,
  };
  return async (source, runOptions = {}) => {
    // Who calls was said when the binding was made: a `principal` here would be ignored.
    checkKeys("run", runOptions, ["signal"]);
    const calls = decode(source);
    const signal = toSignal(options.signal, runOptions);
    const executed = calls.filter(({ search }) => search === null);
    const answered = new Map(
      (await answerCalls(executed, { ...context, signal })).map((one) => [one.call, one] as const),
    );
    const results: W["result"][] = [];
    for (const call of calls) {
      const one = answered.get(call);
      results.push(one === undefined ? await answerSearch(call, format, shown) : encode(call, one.outcome, one.text));
    }
    offerReader(parts);
    return results;
  };
}

function toSignal(own: AbortSignal | undefined, { signal }: RunOptions): AbortSignal | undefined {
  return own === undefined || signal === undefined ? (own ?? signal) : AbortSignal.any([own, signal]);
}

async function answerSearch<WireTool, W extends Wire>(
  call: ModelCall<W["call"]>,
  format: Format<WireTool, W>,
  shown: ShownTools<WireTool>,
): Promise<W["result"]> {
  const found = await shown.find(call.search ?? "");
  if (format.encodeSearch !== undefined) return format.encodeSearch(call, found);
  for (const tool of found) shown.load(tool);
  return format.encode(call, { ok: true, text: withRepeats(call, toFoundText(found)), parts: [] });
}

function toFoundText(found: readonly OfferedTool<unknown>[]): string {
  if (found.length === 0) return "No tool fits. Say it in other words, or go on without one.";
  const lines = found.map(({ wireName, tool: { description } }) => `- ${wireName}: ${description}`);
  return `These can be called now:\n${lines.join("\n")}`;
}

/** What a model may read on with has to be among its tools; a registry has it once it is needed. */
function offerReader<WireTool, W extends Wire>({ registry, options, offer, shown }: Run<WireTool, W>): void {
  const wireName = toWireName(READER_NAME);
  if (offer.find(wireName) !== undefined) return;
  const { principal } = options;
  const tool = registry.get(READER_NAME, principal === undefined ? {} : { principal });
  if (tool === undefined) return;
  offer.add([{ tool, wireName, deferred: false }]);
  const added = offer.find(wireName);
  if (added !== undefined) shown.load(added);
}
