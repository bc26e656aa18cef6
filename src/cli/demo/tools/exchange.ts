// A currency exchange that the demo pretends to have: rates that move around a table of round figures. Nobody should pay
// by them, and every answer says where it is from.
import type { Clock } from "../../../index.ts";
import { type Connection, createConnection } from "./connection.ts";

export type Currency = "EUR" | "USD" | "GBP" | "JPY" | "CHF";

/** Units of each currency for one euro, roughly. */
const PER_EURO: ReadonlyMap<Currency, number> = new Map([
  ["EUR", 1],
  ["USD", 1.1],
  ["GBP", 0.85],
  ["JPY", 160],
  ["CHF", 0.95],
]);
export const CURRENCIES: readonly Currency[] = [...PER_EURO.keys()];

const DAY_MS = 86_400_000;
/** How far a rate moves from the table, as a part of it. */
const SWING = 0.01;

export interface Exchange {
  readonly connection: Connection;
  /** The rate now. */
  quote(from: Currency, to: Currency, signal: AbortSignal): Promise<{ readonly rate: number; readonly asOf: string }>;
  /** The rates of so many days, the latest first. */
  history(
    from: Currency,
    to: Currency,
    days: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly date: string; readonly rate: number }[]>;
}

/** Creates the exchange. */
export function createExchange(clock: Clock): Exchange {
  const connection = createConnection(clock);
  return {
    connection,
    quote: (from, to, signal) =>
      connection.send(() => {
        const now = clock.now();
        return { rate: toRate(from, to, now), asOf: new Date(now).toISOString() };
      }, signal),
    history: (from, to, days, signal) =>
      connection.send(() => {
        const today = Math.floor(clock.now() / DAY_MS) * DAY_MS;
        return Array.from({ length: days }, (_, back) => {
          const day = today - back * DAY_MS;
          return { date: new Date(day).toISOString().slice(0, 10), rate: toRate(from, to, day) };
        });
      }, signal),
  };
}

/** The rate of the table, which never moves. */
export function toTableRate(from: Currency, to: Currency): number {
  return round((PER_EURO.get(to) ?? 1) / (PER_EURO.get(from) ?? 1));
}

/** The rate at a time (epoch ms): the same whenever it is asked for. */
function toRate(from: Currency, to: Currency, at: number): number {
  const movement = from === to ? 0 : SWING * Math.sin(at / 1_000);
  return round(toTableRate(from, to) * (1 + movement));
}

function round(rate: number): number {
  return Number(rate.toPrecision(6));
}
