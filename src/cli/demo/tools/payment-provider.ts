// A payment provider that the demo pretends to have, and its books. It honours idempotency keys: the same key never charges
// twice. Bounded: a model in a loop must not eat the process.
import { type Clock, ToolError } from "../../../index.ts";
import { type Connection, createConnection } from "./connection.ts";

export interface Invoice {
  readonly invoice: string;
  readonly amountCents: number;
}

export interface Charge extends Invoice {
  readonly charge: string;
  /** ISO 8601, UTC. */
  readonly chargedAt: string;
}

export interface PaymentProvider {
  readonly connection: Connection;
  /** Charges the invoice; with a key that it knows, it answers with what that key has charged. */
  charge(invoice: Invoice, key: string | null, signal: AbortSignal): Promise<Charge>;
  /** What a key has charged; null: nothing. */
  find(key: string, signal: AbortSignal): Promise<Charge | null>;
  /** The books, as the provider's own people see them: the charges of an invoice. */
  chargesOf(invoice: string): readonly Charge[];
}

const MAX_CHARGES = 1_000;

/** Creates a provider with empty books. */
export function createPaymentProvider(clock: Clock): PaymentProvider {
  const connection = createConnection(clock);
  const books: Charge[] = [];
  const byKey = new Map<string, Charge>();

  const book = ({ invoice, amountCents }: Invoice, key: string | null): Charge => {
    const known = key === null ? undefined : byKey.get(key);
    if (known !== undefined) {
      if (known.invoice === invoice && known.amountCents === amountCents) return known;
      throw new ToolError("KEY_REUSED", "The key has charged something else.", { effect: "none" });
    }
    if (books.length >= MAX_CHARGES) {
      throw new ToolError("BOOKS_FULL", `There is no room for another charge (${MAX_CHARGES}).`, { effect: "none" });
    }
    const charge: Charge = {
      charge: `ch_${books.length + 1}`,
      invoice,
      amountCents,
      chargedAt: new Date(clock.now()).toISOString(),
    };
    books.push(charge);
    if (key !== null) byKey.set(key, charge);
    return charge;
  };

  return {
    connection,
    charge: (invoice, key, signal) => connection.send(() => book(invoice, key), signal),
    find: (key, signal) => connection.send(() => byKey.get(key) ?? null, signal),
    chargesOf: (invoice) => books.filter((charge) => charge.invoice === invoice),
  };
}
