// Section 10: what is repeated after a failure, what never is, and a key that makes a call once.
import { type Outcome, ToolyardError } from "../../../index.ts";
import { showCalls } from "../call-table.ts";
import { defineTool } from "../demo-app.ts";
import { isCode, PEOPLE, type Section, type Stage } from "../section.ts";
import type { Charge } from "../tools/payment-provider.ts";

/** The invoice whose charge gets lost without a key; section 12 finds out what became of it. */
export const KEYLESS_INVOICE = "INV-1001";
const INVOICE = "INV-1002";
const KEY = "pay-INV-1002";

export async function showRepeating({ registry, app }: Stage): Promise<Section> {
  const charge = (invoice: string, amountCents: number, options: { readonly idempotencyKey?: string }) =>
    registry.execute("payments.charge", { invoice, amountCents }, { principal: PEOPLE.user, ...options });
  const history = { from: "EUR", to: "USD", days: 1 };
  app.exchange.connection.lose("request", 2);
  const read = await registry.execute("rates.history", history, { principal: PEOPLE.user });
  app.payments.connection.lose("request", 1);
  const keyless = await charge(KEYLESS_INVOICE, 4_900, {});
  app.payments.connection.lose("answer", 1);
  const keyed = await charge(INVOICE, 4_900, { idempotencyKey: KEY });
  const again = await charge(INVOICE, 4_900, { idempotencyKey: KEY });
  const other = await charge(INVOICE, 9_900, { idempotencyKey: KEY });
  const charges = app.payments.chargesOf(INVOICE);
  const refusal = await registerRepeatingWrite(registry);
  return {
    title: "Repeating safely",
    explanation:
      "A tool that reads is repeated after a failure, with growing and random delays, within its deadline. A tool that writes is not: the first attempt may have had its effect. " +
      "An idempotency key changes that: under one key a call happens once, here, and also at the payment provider, to which the tool passes it on.",
    data: { read, keyless, keyed, again, other, charges, refusal },
    claims: [
      {
        text: "rates.history reads: two attempts failed, the third answered, and the caller saw one answer.",
        holds: read.ok && read.meta.attempts === 3,
      },
      {
        text: "payments.charge writes: without a key its failure was not repeated, and the outcome says that its effect is not known.",
        holds: !keyless.ok && keyless.meta.attempts === 1 && keyless.error.effect === "unknown",
      },
      {
        text: "With a key it was: the provider's answer got lost, the provider got the same key again, and charged once.",
        holds: keyed.ok && keyed.meta.attempts === 2 && charges.length === 1,
      },
      {
        text: "The same key and arguments got the same answer again, without the tool; the same key with another amount was refused.",
        holds: isReplay(again, keyed) && isCode(other, "IDEMPOTENCY_CONFLICT"),
      },
      {
        text: "A tool that writes and wants to be repeated is not published; the refusal names retry and effect.",
        holds: /\bretry: .*\beffect is write\b/.test(refusal) && !registry.has("demo.unsafe"),
      },
    ],
    show(output) {
      showCalls(output, [
        ["rates.history", read, read.ok ? "the rate of a day" : undefined],
        ["payments.charge", keyless],
        ["… with a key", keyed, toSeen(keyed)],
        ["… same key", again, toSeen(again)],
        ["… other amount", other],
      ]);
      output.line();
      output.line(output.colors.dim("register(a write with a retry policy) answers:"));
      output.paragraph(refusal, 2);
    },
  };
}

/** A charge in a few words. */
export function toSeen(outcome: Outcome): string | undefined {
  if (!outcome.ok) return undefined;
  const { charge, invoice } = outcome.output as Charge;
  const { replayOf } = outcome.meta;
  return `${charge} for ${invoice}${replayOf === null ? "" : `, the outcome of ${replayOf}`}`;
}

/** Whether `again` is the answer of `first`, given another time without the tool. */
function isReplay(again: Outcome, first: Outcome): boolean {
  if (!again.ok || !first.ok || again.meta.attempts > 0 || again.meta.replayOf !== first.meta.callId) return false;
  return JSON.stringify(again.output) === JSON.stringify(first.output);
}

/** What the registry says to a write that would be repeated; empty when it takes it. */
async function registerRepeatingWrite(registry: Stage["registry"]): Promise<string> {
  const unsafe = defineTool({
    name: "demo.unsafe",
    version: "1.0.0",
    description: "Would be repeated, although each time may be one too many.",
    effect: "write",
    retry: { repeats: 2 },
    handler: () => 1,
  });
  try {
    await registry.register(unsafe);
    return "";
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`).join("\n");
  }
}
