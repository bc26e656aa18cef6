// One evaluation: the corpus registered, compiled for every provider, its calls sent through each, and what is to be said
// of it in figures and names. Deterministic: the same corpus gives the same evaluation.
import type { Corpus } from "./corpus/read-corpus.ts";
import { type CallFigures, evaluateCalls } from "./evaluate-calls.ts";
import { toReasonGroup } from "./reason-group.ts";
import { registerAll, type Registration } from "./register.ts";
import {
  compileForms,
  findConverted,
  type Form,
  PROVIDERS,
  type ProviderForms,
  type ProviderName,
} from "./strict-forms.ts";
import { countBy, type Counts } from "./count-by.ts";
import { formatCount } from "./target.ts";

/** A tool by name and version, and what is to be said of it. */
export interface Named {
  readonly tool: string;
  readonly why: string;
}

export interface ProviderFigures {
  readonly provider: ProviderName;
  readonly hasStrict: boolean;
  readonly strict: number;
  /** Of those that the judge says can be expressed. */
  readonly strictExpressible: number;
  readonly reasons: Counts;
  readonly notStrict: readonly Named[];
  /** Can be expressed, and was refused. */
  readonly refused: readonly Named[];
  /** Cannot be expressed, and is strict: something was lost. */
  readonly overclaimed: readonly Named[];
  /** Strict, and not in the provider's published subset. */
  readonly objections: readonly Named[];
  /** Strict, and changed by the provider's own converter; null when it has none to ask. */
  readonly converted: readonly Named[] | null;
}

export interface Evaluation {
  readonly corpus: {
    readonly files: number;
    readonly questions: number;
    readonly names: number;
    readonly definitions: number;
  };
  readonly registered: number;
  readonly refused: readonly Named[];
  /** What normalisation changed, by the number of definitions. */
  readonly notes: Counts;
  readonly expressible: number;
  /** What the judge found that strict mode has no words for, by kind. */
  readonly inexpressible: Counts;
  readonly providers: readonly ProviderFigures[];
  readonly calls: CallFigures;
}

const EVERY = 250;

/** `tell`: a line of progress. */
export async function evaluate(corpus: Corpus, tell: (line: string) => void): Promise<Evaluation> {
  tell(`registering ${formatCount(corpus.definitions.length)} definitions …`);
  const registration = await registerAll(corpus.definitions);
  try {
    return await evaluateRegistered(corpus, registration, tell);
  } finally {
    await registration.registry.close();
  }
}

async function evaluateRegistered(
  { definitions, records, files }: Corpus,
  registration: Registration,
  tell: (line: string) => void,
): Promise<Evaluation> {
  const forms = PROVIDERS.map((provider) => {
    tell(`compiling for ${provider} …`);
    return compileForms(provider, registration.registered);
  });
  const calls = await evaluateCalls(records, registration, forms, (done) => {
    if (done % EVERY === 0 || done === records.length)
      tell(`calls: ${formatCount(done)} of ${formatCount(records.length)} questions`);
  });
  return {
    corpus: {
      files,
      questions: records.length,
      names: new Set(definitions.map(({ name }) => name)).size,
      definitions: definitions.length,
    },
    ...toRegistrationFigures(registration),
    notes: countBy(definitions.flatMap(({ notes }) => notes)),
    ...toExpressible(forms),
    providers: forms.map(toProviderFigures),
    calls,
  };
}

function toRegistrationFigures({ registered, refused }: Registration): Pick<Evaluation, "registered" | "refused"> {
  return {
    registered: registered.length,
    refused: refused.map(({ definition: { name, version }, reason }) => ({ tool: `${name}@${version}`, why: reason })),
  };
}

/** The judge looks at the tool's own schema, and so says the same for every provider. */
function toExpressible([one]: readonly ProviderForms[]): Pick<Evaluation, "expressible" | "inexpressible"> {
  const found = (one?.forms ?? []).flatMap(({ inexpressible }) => inexpressible ?? []);
  return {
    expressible: (one?.forms.length ?? 0) - found.length,
    inexpressible: countBy(found.map(({ what }) => what)),
  };
}

function toProviderFigures(all: ProviderForms): ProviderFigures {
  const { provider, hasStrict, forms } = all;
  const strict = forms.filter((form) => form.compiled.strict);
  const loose = hasStrict ? forms.filter((form) => !form.compiled.strict) : [];
  const overclaimed = strict.filter(({ inexpressible }) => inexpressible !== null);
  const objected = strict.filter(({ objection }) => objection !== null);
  return {
    provider,
    hasStrict,
    strict: strict.length,
    strictExpressible: strict.length - overclaimed.length,
    reasons: countBy(loose.map(({ compiled: { reason } }) => toReasonGroup(reason ?? ""))),
    notStrict: toNamed(loose, toReason),
    refused: toNamed(
      loose.filter(({ inexpressible }) => inexpressible === null),
      toReason,
    ),
    overclaimed: toNamed(
      overclaimed,
      ({ inexpressible }) => `${inexpressible?.at ?? ""}: ${inexpressible?.what ?? ""}`,
    ),
    objections: toNamed(objected, ({ objection }) => objection ?? ""),
    converted: provider === "OpenAI" ? toNamed(findConverted(all), () => "changed by toStrictJsonSchema") : null,
  };
}

function toReason(form: Form): string {
  return form.compiled.reason ?? "";
}

function toNamed(forms: readonly Form[], toWhy: (form: Form) => string): readonly Named[] {
  return forms.map((form) => ({ tool: `${form.tool.name}@${form.tool.version}`, why: toWhy(form) }));
}
