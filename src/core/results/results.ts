// `registry.results`: outcomes as the text a model is shown, and what of them was too long to be shown. The tool that
// reads on is published when the first result was too long: a registry that never needs it never lists it.
import type { Outcome } from "../../call/outcome.ts";
import { createPrincipal, type Principal, type PrincipalInput } from "../../call/principal.ts";
import type { Environment } from "../../pipeline/environment.ts";
import { isVisible } from "../../pipeline/find-visible.ts";
import type { ArtefactOwner, ArtefactStore } from "../../ports/artefact-store.ts";
import { createSecretId } from "../../kernel/ids.ts";
import type { AnyTool } from "../../tool/definition.ts";
import type { ResilienceFields } from "../../tool/resilience.ts";
import type { ModelTextOptions, Results } from "../operations.ts";
import { checkKeys } from "../options.ts";
import { createReaderTool, READER_NAME } from "./reader.ts";
import { createRenderer } from "./render.ts";

interface Reader extends ArtefactOwner {
  readonly who: Principal;
}

export interface ResultsParts {
  readonly environment: Environment;
  readonly artefacts: ArtefactStore;
  readonly maxBytes: number;
  readonly keepMs: number;
  /** Publishes a tool of the registry's own. */
  readonly publishOwn: (tool: AnyTool) => void;
}

const TEXT_KEYS: readonly (keyof ModelTextOptions)[] = ["principal", "maxBytes", "neutralise", "readerName"];

/** The results of a registry. */
export function createRegistryResults({ environment, artefacts, publishOwn, ...limits }: ResultsParts): Results {
  const { catalogue, authorization, principals } = environment;

  const toReader = (input: PrincipalInput | undefined): Reader => {
    // A refusal of one that is disabled is to be shown as well.
    const who = input === undefined ? principals.check(input) : principals.identify(input);
    return toOwner(who ?? createPrincipal({ id: "local" }));
  };
  const toOwner = (who: Principal): Reader => {
    return { tenant: who.tenant, principal: who.id, who };
  };

  const offerReader = ({ who }: Reader): boolean => {
    if (catalogue.snapshot.get(READER_NAME) === undefined) {
      publishOwn(createReaderTool((owner, id) => artefacts.get(owner, id), [...authorization.roles]));
    }
    const [entry] = catalogue.snapshot.get(READER_NAME)?.versions ?? [];
    return entry !== undefined && isVisible(entry, environment, who);
  };

  const renderer = createRenderer<Reader>({
    artefacts,
    clock: environment.clock,
    newId: () => createSecretId("res"),
    offerReader,
    ...limits,
  });

  const toRules = createRules(environment);

  return {
    async toModelText(outcome, options = {}) {
      checkKeys("toModelText", options, TEXT_KEYS);
      const { principal, ...shown } = options;
      return renderer.toModelText(outcome, { ...shown, tool: toRules(outcome), owner: toReader(principal) });
    },
    async read(id, options = {}) {
      checkKeys("results.read", options, ["principal"]);
      const reader = toReader(options.principal);
      return principals.isDisabled(reader.who) ? null : artefacts.get(reader, id);
    },
  };
}

type Rules = NonNullable<ResilienceFields["result"]>;

/**
 * The rules of the version that was called and, where others answered for it, of those too: by their digests, so that they
 * hold for an outcome that is given again when its version is published no longer.
 */
function createRules({ resultRules }: Environment): (outcome: Outcome) => { readonly result: Rules | null } | null {
  const merged = new WeakMap<Rules, WeakMap<Rules, Rules>>();
  const both = (one: Rules, other: Rules): Rules => {
    const known = merged.get(one) ?? new WeakMap<Rules, Rules>();
    merged.set(one, known);
    let found = known.get(other);
    if (found === undefined) known.set(other, (found = mergeRules(one, other)));
    return found;
  };

  return ({ meta }) => {
    const digests = [...(meta.digest === null ? [] : [meta.digest]), ...(meta.degraded?.sources ?? [])];
    const rules = digests.map((digest) => resultRules.get(digest)).filter((found) => found !== undefined);
    const [first, ...others] = rules;
    return first === undefined ? null : { result: others.reduce(both, first) };
  };
}

function mergeRules(one: Rules, other: Rules): Rules {
  return {
    maxBytes: toSmaller(one.maxBytes, other.maxBytes),
    redactPaths: [...one.redactPaths, ...other.redactPaths],
    redactPatterns: [...one.redactPatterns, ...other.redactPatterns],
  };
}

function toSmaller(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
