// The targets of an evaluation. A change here is a change of what the project promises.
import type { Evaluation } from "./evaluate.ts";
import { type Target, toNoneTarget, toShareTarget } from "./target.ts";

const STRICT = 0.99;
const SURVIVED = 0.999;

export function toTargets({
  corpus,
  registered,
  refused,
  expressible,
  providers,
  calls,
}: Evaluation): readonly Target[] {
  const strictOnes = providers.filter(({ hasStrict }) => hasStrict);
  const explained = refused.filter(({ why }) => why !== "").length;
  const sum = (count: (one: (typeof providers)[number]) => number): number =>
    strictOnes.reduce((total, one) => total + count(one), 0);
  const strict = sum((one) => one.strict);
  return [
    toShareTarget("definitions registered, or refused with a reason", registered + explained, corpus.definitions, 1),
    ...strictOnes.map(({ provider, strictExpressible }) =>
      toShareTarget(`strict for ${provider}, of what strict can express`, strictExpressible, expressible, STRICT),
    ),
    toNoneTarget(
      "strict, though strict cannot express it",
      sum((one) => one.overclaimed.length),
    ),
    ...strictOnes.flatMap(({ provider, strict: whole, converted }) =>
      converted === null
        ? []
        : [toShareTarget(`left as it is by ${provider}'s own converter`, whole - converted.length, whole, 1)],
    ),
    toShareTarget("strict forms within the published subsets", strict - sum((one) => one.objections.length), strict, 1),
    ...calls.providers.map(({ provider, survived }) =>
      toShareTarget(`valid ground-truth calls that survive ${provider}`, survived, calls.valid, SURVIVED),
    ),
    toNoneTarget(
      "calls whose values were changed silently",
      calls.providers.flatMap(({ misses }) => misses).filter(({ fate }) => fate === "changed").length,
    ),
  ];
}
