// Results for models: redacted, made visible, bounded; what does not fit is kept whole, to be read on.
// INVARIANT: the head that is shown and the rest read from the cursor are the whole text: "loses nothing".
import { isWithinBytes } from "../../call/bounded-text.ts";
import { toModelText } from "../../call/model-text.ts";
import { neutralise } from "../../call/neutral-text.ts";
import type { Outcome } from "../../call/outcome.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { ArtefactOwner, ArtefactStore } from "../../ports/artefact-store.ts";
import { cutWithMark, toLostMark, toPageMark, toReadOnMark } from "./cut-text.ts";
import { READER_NAME } from "./reader.ts";
import { compileRedaction, type Redaction, type ResultRules, toRedactedText } from "./redaction.ts";

export interface RendererOptions<Owner extends ArtefactOwner> {
  /** Keeps the texts that are too large. */
  readonly artefacts: ArtefactStore;
  readonly clock: Clock;
  /** Most bytes of UTF-8 of a text when neither tool nor binding says. @default 262,144 */
  readonly maxBytes?: number;
  /** How long a text is kept, milliseconds. */
  readonly keepMs: number;
  /** Makes the id of a kept text; nobody must be able to guess it. */
  readonly newId: () => string;
  /** Offers the reader tool, where that was not done yet; whether the owner may call it. */
  readonly offerReader: (owner: Owner) => MaybePromise<boolean>;
}

export interface RenderOptions<Owner extends ArtefactOwner> {
  /** The version that was called; null when none was resolved. */
  readonly tool: { readonly result: ResultRules | null } | null;
  /** Whose result it is, and who may read the rest. */
  readonly owner: Owner;
  /** The binding's own limit, bytes of UTF-8, 256 or more. */
  readonly maxBytes?: number;
  /** Whether characters that deceive become visible marks. @default false */
  readonly neutralise?: boolean;
  /** What the model knows the reader tool as. @default "toolyard.read_result" */
  readonly readerName?: string;
}

export interface Renderer<Owner extends ArtefactOwner> {
  /**
   * The outcome as text of at most the smaller limit of tool and binding. Longer text ends in a visible mark within that
   * limit, which says how to read on, or that the rest was not kept. A promise only when the text was too long. Never
   * rejects.
   */
  toModelText(outcome: Outcome, options: RenderOptions<Owner>): MaybePromise<string>;
}

const DEFAULT_MAX_BYTES = 262_144;

/** Creates what turns outcomes into text for models. */
export function createRenderer<Owner extends ArtefactOwner>(options: RendererOptions<Owner>): Renderer<Owner> {
  const { clock, maxBytes = DEFAULT_MAX_BYTES } = options;
  const redactions = new WeakMap<ResultRules, Redaction | null>();
  const toRedaction = (rules: ResultRules | null): Redaction | null => {
    if (rules === null) return null;
    let redaction = redactions.get(rules);
    if (redaction === undefined) redactions.set(rules, (redaction = compileRedaction(rules)));
    return redaction;
  };

  return {
    toModelText(outcome, call) {
      const rules = call.tool?.result ?? null;
      const redaction = toRedaction(rules);
      const raw = redaction === null ? toModelText(outcome) : toRedactedText(outcome, redaction, clock);
      const text = call.neutralise === true ? neutralise(raw) : raw;
      const limit = Math.min(rules?.maxBytes ?? Infinity, call.maxBytes ?? Infinity);
      const max = limit === Infinity ? maxBytes : limit;
      if (isWithinBytes(text, max)) return text;
      // A page that is too long is in the store already: kept again, each page would be another text to read on in.
      if (outcome.meta.tool === READER_NAME) return cutWithMark(text, max, toPageMark);
      return spill(text, max, call, options);
    },
  };
}

async function spill<Owner extends ArtefactOwner>(
  text: string,
  maxBytes: number,
  { owner, readerName = READER_NAME }: RenderOptions<Owner>,
  { artefacts, keepMs, newId, offerReader }: RendererOptions<Owner>,
): Promise<string> {
  try {
    const id = newId();
    // Asked first: a text that its owner could not read would only push out those of others.
    if ((await offerReader(owner)) && (await artefacts.put(owner, id, text, keepMs)))
      return cutWithMark(text, maxBytes, toReadOnMark(readerName, id));
  } catch {
    // The mark says that nothing was kept. The outcome itself must reach the model all the same.
  }
  return cutWithMark(text, maxBytes, toLostMark);
}
