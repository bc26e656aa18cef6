// Two tools over one system, which share its breaker. One has everything that can answer in the place of the exchange; the
// other has nothing, so a failure of the exchange is its own.
import { Role, type AnyTool, type JsonSchema } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { CURRENCIES, type Currency, toTableRate } from "./exchange.ts";

/** How long a rate is fresh, milliseconds. */
export const FRESH_MS = 200;

const currency = (description: string): JsonSchema => ({ type: "string", enum: CURRENCIES, description });
const pair = {
  from: currency("The currency to pay with, such as EUR."),
  to: currency("The currency to get, such as USD."),
} as const;
const common = {
  version: "1.0.0",
  tags: ["money"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  upstream: "exchange",
} as const;

interface Pair {
  readonly from: Currency;
  readonly to: Currency;
}

export const getRate: AnyTool<DemoApp> = defineTool({
  ...common,
  name: "rates.get",
  title: "Exchange rate",
  description:
    "The exchange rate between two currencies, from a pretended exchange; when that is out of order, from a table of round figures. Not a rate to pay by.",
  cache: { ttlMs: FRESH_MS, staleWhileRevalidateMs: 60_000, scope: "public" },
  // The table answers sooner than a repeat would.
  retry: false,
  fallback: {
    run(input) {
      const { from, to } = input as unknown as Pair;
      return { from, to, rate: toTableRate(from, to), asOf: null, source: "table" };
    },
  },
  input: { type: "object", properties: pair, required: ["from", "to"], additionalProperties: false },
  output: {
    type: "object",
    properties: {
      ...pair,
      rate: { type: "number" },
      asOf: { type: ["string", "null"], format: "date-time" },
      source: { type: "string", enum: ["exchange", "table"] },
    },
    required: ["from", "to", "rate", "asOf", "source"],
  },
  examples: [{ from: "EUR", to: "USD" }],
  async handler(input, { app, signal }) {
    const { from, to } = input as unknown as Pair;
    return { from, to, ...(await app.exchange.quote(from, to, signal)), source: "exchange" };
  },
});

export const getRateHistory: AnyTool<DemoApp> = defineTool({
  ...common,
  name: "rates.history",
  title: "Exchange rates of past days",
  description:
    "The exchange rates between two currencies on past days, the latest first, from a pretended exchange. Not rates to pay by.",
  retry: { repeats: 2, baseMs: 10 },
  result: { maxBytes: 2_048 },
  input: {
    type: "object",
    properties: {
      ...pair,
      days: { type: "integer", minimum: 1, maximum: 3_650, description: "How many days. 7 when left out." },
    },
    required: ["from", "to"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: {
      ...pair,
      days: {
        type: "array",
        items: {
          type: "object",
          properties: { date: { type: "string", format: "date" }, rate: { type: "number" } },
          required: ["date", "rate"],
        },
      },
    },
    required: ["from", "to", "days"],
  },
  examples: [{ from: "EUR", to: "USD", days: 3 }],
  async handler(input, { app, signal }) {
    const { from, to, days = 7 } = input as unknown as Pair & { readonly days?: number };
    return { from, to, days: await app.exchange.history(from, to, days, signal) };
  },
});
