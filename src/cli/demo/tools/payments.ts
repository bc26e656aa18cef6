// A tool whose effect must not happen twice: it passes the caller's key on, and can ask later what became of it.
import { Role, type AnyTool } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import type { Invoice } from "./payment-provider.ts";

export const chargeInvoice: AnyTool<DemoApp> = defineTool({
  name: "payments.charge",
  version: "1.0.0",
  title: "Charge an invoice",
  description: "Charge the amount of an invoice through a pretended payment provider; no money moves.",
  tags: ["money"],
  effect: "write",
  honoursKeys: true,
  // Only calls with a key are repeated: without one, the provider could not tell a repeat from a second charge.
  retry: { repeats: 3, baseMs: 10 },
  access: { roles: [Role.USER] },
  input: {
    type: "object",
    properties: {
      invoice: { type: "string", pattern: "^INV-[0-9]{1,6}$", description: "The number, such as INV-1001." },
      amountCents: { type: "integer", minimum: 1, maximum: 1_000_000, description: "How much, in cents." },
    },
    required: ["invoice", "amountCents"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: {
      charge: { type: "string" },
      invoice: { type: "string" },
      amountCents: { type: "integer" },
      chargedAt: { type: "string", format: "date-time" },
    },
    required: ["charge", "invoice", "amountCents", "chargedAt"],
  },
  examples: [{ invoice: "INV-1000", amountCents: 4_900 }],
  handler: (input, { app, idempotencyKey, signal }) =>
    app.payments.charge(input as unknown as Invoice, idempotencyKey, signal),
  async status(key, { app, signal }) {
    const output = await app.payments.find(key, signal);
    return output === null ? { effect: "none" } : { effect: "applied", output };
  },
});
