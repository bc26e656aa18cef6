// Section 13: writes of which nobody knows whether they happened, until somebody does. Goes on with what section 9 left.
import type { EffectReport, Outcome, UnknownOutcome } from "../../../index.ts";
import { showCalls } from "../call-table.ts";
import { isCode, PEOPLE, type Section, type Stage } from "../section.ts";
import type { Charge } from "../tools/payment-provider.ts";
import { KEYLESS_INVOICE, toSeen } from "./repeating.ts";

const INVOICE = "INV-1003";
const KEY = "pay-INV-1003";

interface Seen {
  readonly lost: Outcome;
  /** The same key, while nobody knows. */
  readonly again: Outcome;
  readonly listed: readonly UnknownOutcome[];
  /** How many calls the tool itself could say something of. */
  readonly byStatus: number;
  /** What the operator said of the other one. */
  readonly byOperator: EffectReport["effect"] | null;
  /** The same key, when it is known. */
  readonly answer: Outcome;
  /** In the provider's books. */
  readonly charges: readonly Charge[];
  readonly left: number;
}

export async function showUnknown(stage: Stage): Promise<Section> {
  const seen = await lookInto(stage);
  const { lost, again, listed, answer } = seen;
  return {
    title: "When nobody knows",
    explanation:
      "From outside, a request that got lost and an answer that got lost look the same. So a write without an answer has neither failed nor timed out: it is OUTCOME_UNKNOWN, and stays on a list until somebody knows. " +
      `Here the provider charges, and all of its answers get lost. The charge of ${KEYLESS_INVOICE} from before is still on the list.`,
    data: seen,
    claims: toClaims(seen),
    show(output) {
      showCalls(output, [
        ["payments.charge", lost],
        ["… same key", again],
        ["… when it is known", answer, toSeen(answer)],
      ]);
      output.line();
      output.line(output.colors.dim("on the list meanwhile:"));
      output.table([{ title: "call" }, { title: "tool" }, { title: "who" }, { title: "key" }], listed.map(toRow));
    },
  };
}

async function lookInto({ registry, app: { payments } }: Stage): Promise<Seen> {
  const invoice = { invoice: INVOICE, amountCents: 7_500 };
  const charge = (): Promise<Outcome> =>
    registry.execute("payments.charge", invoice, { principal: PEOPLE.user, idempotencyKey: KEY });
  payments.connection.lose("answer", Infinity);
  const lost = await charge();
  const again = await charge();
  const listed = await registry.outcomes.list();
  payments.connection.mend();
  const byStatus = await registry.outcomes.check();
  const byOperator = await resolveByHand(registry, payments.chargesOf(KEYLESS_INVOICE));
  const answer = await charge();
  const { unknownOutcomes: left } = await registry.health();
  return { lost, again, listed, byStatus, byOperator, answer, charges: payments.chargesOf(INVOICE), left };
}

/** What an operator says of the first call on the list, who has these charges in the books; null when the list is empty. */
async function resolveByHand(registry: Stage["registry"], charges: readonly Charge[]): Promise<Seen["byOperator"]> {
  const [first] = await registry.outcomes.list({ limit: 1 });
  if (first === undefined) return null;
  const effect = charges.length === 0 ? "none" : "applied";
  const reason = `${charges.length} charges of ${KEYLESS_INVOICE} in the provider's books`;
  await registry.outcomes.resolve(first.id, { effect }, { principal: PEOPLE.admin, reason });
  return effect;
}

function toClaims({ lost, again, listed, byStatus, byOperator, answer, charges, left }: Seen): Section["claims"] {
  return [
    {
      text: `After ${lost.meta.attempts} attempts under one key nobody knew whether ${INVOICE} was charged. In the provider's books it was, once.`,
      holds: isCode(lost, "OUTCOME_UNKNOWN") && lost.meta.attempts === 4 && charges.length === 1,
    },
    {
      text: "As long as nobody knows, the same key does not do it again: the second call got OUTCOME_UNKNOWN, without the tool.",
      holds: isCode(again, "OUTCOME_UNKNOWN") && again.meta.attempts === 0,
    },
    {
      text: `When the provider could be reached again, the tool's status check resolved ${byStatus} of the ${listed.length} calls on the list, by its key.`,
      holds: listed.length === 2 && byStatus === 1,
    },
    {
      text: `The other has no key. An operator looked into the books and said that its effect was: ${byOperator ?? "?"}. The list is empty.`,
      holds: byOperator === "none" && left === 0,
    },
    {
      text: "From then on the same key gets the true answer: the charge that was made in the first place.",
      holds: answer.ok && answer.meta.replayOf === lost.meta.callId && isCharge(answer.output, charges[0]),
    },
  ];
}

function isCharge(output: unknown, charge: Charge | undefined): boolean {
  return JSON.stringify(output) === JSON.stringify(charge);
}

function toRow({ id, tool, principal, idempotencyKey }: UnknownOutcome): readonly string[] {
  return [id, tool, principal, idempotencyKey ?? "–"];
}
