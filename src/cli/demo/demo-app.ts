// What the demo's tools share: a clock, the notes, the systems they pretend to have, and how often the flaky one was called.
import { createToolkit, type Clock, type DefineTool } from "../../index.ts";
import { createExchange, type Exchange } from "./tools/exchange.ts";
import { createNotebook, type Notebook } from "./tools/notebook.ts";
import { createPaymentProvider, type PaymentProvider } from "./tools/payment-provider.ts";

export interface DemoApp {
  readonly clock: Clock;
  readonly notebook: Notebook;
  readonly exchange: Exchange;
  readonly payments: PaymentProvider;
  /** Calls of `demo.flaky` so far. */
  flakyCalls: number;
}

/** Creates the demo's app: nothing is noted or charged yet, and all systems work. */
export function createDemoApp(clock: Clock): DemoApp {
  return {
    clock,
    notebook: createNotebook(clock),
    exchange: createExchange(clock),
    payments: createPaymentProvider(clock),
    flakyCalls: 0,
  };
}

/** `defineTool` for handlers that use the demo's app. */
export const defineTool: DefineTool<DemoApp> = createToolkit<DemoApp>().defineTool;
