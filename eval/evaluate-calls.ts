// Every ground-truth call of a corpus, in all its variants, through every provider.
import type { Registry, ToolDescription } from "../src/index.ts";
import { buildCalls, type BuiltCall, findUndescribed, type Variant } from "./build-calls.ts";
import type { CorpusRecord, GroundTruth } from "./corpus/read-corpus.ts";
import type { Registration } from "./register.ts";
import { makeTrip, type Fate } from "./round-trip.ts";
import { type Route, toRoutes } from "./route.ts";
import { PROVIDERS, type ProviderForms, type ProviderName } from "./strict-forms.ts";
import { createValidator, type Validator } from "./validator.ts";

/** A call that did not come back as it was meant. */
export interface Miss {
  readonly provider: ProviderName;
  readonly call: string;
  readonly tool: string;
  readonly variant: Variant;
  readonly fate: Exclude<Fate, "survived">;
  readonly detail: string;
}

/** A ground-truth call that says nothing about a provider, because the corpus itself is at odds with it. */
export interface Unfit {
  readonly call: string;
  readonly tool: string;
  readonly reason: string;
}

export interface ProviderCalls {
  readonly provider: ProviderName;
  /** Ground-truth calls of which every valid variant came back. */
  readonly survived: number;
  readonly misses: readonly Miss[];
}

export interface CallFigures {
  readonly groundTruth: number;
  /** With at least one variant that is valid under the tool's own schema. */
  readonly valid: number;
  readonly variants: number;
  readonly validVariants: number;
  /** Arguments that no definition describes, and that were left out. */
  readonly undescribed: number;
  /** Neither registered nor valid in any variant. */
  readonly unfit: readonly Unfit[];
  readonly providers: readonly ProviderCalls[];
}

/** What is added up while the calls go by. */
interface Tally {
  groundTruth: number;
  valid: number;
  variants: number;
  validVariants: number;
  undescribed: number;
  readonly unfit: Unfit[];
  readonly survived: Map<ProviderName, number>;
  readonly misses: Miss[];
}

/** `tell`: how many records are done. */
export async function evaluateCalls(
  records: readonly CorpusRecord[],
  registration: Registration,
  forms: readonly ProviderForms[],
  tell: (done: number) => void = () => {},
): Promise<CallFigures> {
  const { registry, byDefinition } = registration;
  const validate = createValidator();
  const routes = new Map(forms.map((one) => [one.provider, toRoutes(registry, one)]));
  const tally: Tally = {
    groundTruth: 0,
    valid: 0,
    variants: 0,
    validVariants: 0,
    undescribed: 0,
    unfit: [],
    survived: new Map(),
    misses: [],
  };
  for (const [index, { offered, calls }] of records.entries()) {
    const tools = offered.flatMap((definition) => byDefinition.get(definition) ?? []);
    const opened = [...routes].map(([provider, open]) => ({ provider, route: open(tools) }));
    for (const call of calls) {
      const tool = call.definition === null ? undefined : byDefinition.get(call.definition);
      const valid = chooseValid(call, tool, validate, tally);
      if (tool === undefined || valid.length === 0) continue;
      for (const { provider, route } of opened) {
        const misses = await send(registry, route, validate, tool, valid);
        for (const miss of misses) tally.misses.push({ provider, call: call.id, tool: tool.name, ...miss });
        if (misses.length === 0) tally.survived.set(provider, (tally.survived.get(provider) ?? 0) + 1);
      }
    }
    tell(index + 1);
  }
  const { survived, misses, ...counts } = tally;
  const providers = PROVIDERS.filter((provider) => routes.has(provider)).map((provider) => ({
    provider,
    survived: survived.get(provider) ?? 0,
    misses: misses.filter((miss) => miss.provider === provider),
  }));
  return { ...counts, providers };
}

/** The variants of the call that are valid under the tool's own schema; counted, and named where there is none. */
function chooseValid(
  { id, tool: name, accepted }: GroundTruth,
  tool: ToolDescription | undefined,
  validate: Validator,
  tally: Tally,
): readonly BuiltCall[] {
  tally.groundTruth++;
  if (tool === undefined) {
    tally.unfit.push({ call: id, tool: name, reason: "the tool was not offered, or not registered" });
    return [];
  }
  const built = buildCalls(accepted, tool.inputSchema);
  const valid = built.filter((call) => validate(tool.inputSchema, call.arguments) === null);
  tally.undescribed += findUndescribed(accepted, tool.inputSchema).length;
  tally.variants += built.length;
  tally.validVariants += valid.length;
  if (valid.length > 0) tally.valid++;
  else tally.unfit.push({ call: id, tool: name, reason: validate(tool.inputSchema, built[0]?.arguments) ?? "" });
  return valid;
}

/** The variants that did not come back as they were meant. */
async function send(
  registry: Registry,
  route: Route,
  validate: Validator,
  tool: ToolDescription,
  valid: readonly BuiltCall[],
): Promise<readonly Pick<Miss, "variant" | "fate" | "detail">[]> {
  const misses: Pick<Miss, "variant" | "fate" | "detail">[] = [];
  for (const { variant, arguments: meant } of valid) {
    const { fate, detail } = await makeTrip(registry, route, validate, tool, meant);
    if (fate !== "survived") misses.push({ variant, fate, detail });
  }
  return misses;
}
