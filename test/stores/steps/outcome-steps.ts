// What is asked of a store of unknown outcomes.
import fc from "fast-check";
import type { OutcomeStore, UnknownOutcome } from "../../../src/ports/outcome-store.ts";
import { mostly, type Step, text, toStep } from "./step.ts";

const id = fc.constantFrom("call_1", "call_2", "call_B", "call_a", "call_é", "call_10");
const who = mostly(["t"], text);
const tool = fc.constantFrom("a", "a.b");
const outcome: fc.Arbitrary<UnknownOutcome> = fc.record({
  id,
  tenant: who,
  principal: who,
  tool,
  version: fc.constantFrom("1.0.0", "2.0.0"),
  code: fc.constantFrom("OUTCOME_UNKNOWN", "TIMEOUT"),
  at: fc.nat(9),
  idempotencyKey: fc.option(text),
});
const filter = fc.record(
  { tenant: who, tool, limit: fc.constantFrom(0, 1, 2, 5_000), after: id },
  { requiredKeys: [] },
);

export const outcomeStep: fc.Arbitrary<Step<OutcomeStore>> = fc.oneof(
  toStep("add", outcome, (store: OutcomeStore, one) => store.add(one)),
  toStep("add", outcome, (store: OutcomeStore, one) => store.add(one)),
  toStep("get", id, (store: OutcomeStore, of) => store.get(of)),
  toStep("list", filter, (store: OutcomeStore, by) => store.list(by)),
  toStep("remove", id, (store: OutcomeStore, of) => store.remove(of)),
  toStep("count", fc.option(fc.record({ tenant: who, principal: who, tool })), (store: OutcomeStore, of) =>
    store.count(of ?? undefined),
  ),
);
