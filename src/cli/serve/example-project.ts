// What a server offers that was given no configuration: tools to try it with, over an app in memory. None of them loads much, so that
// the server is ready at once.
import type { Clock } from "../../index.ts";
import type { ToolyardConfig } from "../../server/config/index.ts";
import { createDemoApp } from "../demo/demo-app.ts";
import { slow } from "../demo/tools/misbehaving.ts";
import { addNote, clearNotes, listNotes } from "../demo/tools/notes.ts";
import { chargeInvoice } from "../demo/tools/payments.ts";
import { getRate, getRateHistory } from "../demo/tools/rates.ts";
import { textStats } from "../demo/tools/text-stats.ts";

/** The parts of a configuration that a project brings. */
export function createExampleProject(clock: Clock): Pick<ToolyardConfig<never>, "app" | "tools" | "upstreams"> {
  const tools = [textStats, addNote, listNotes, clearNotes, getRate, getRateHistory, chargeInvoice, slow];
  const upstreams = { exchange: { breaker: { failures: 3, openMs: 10_000 } } };
  return { app: createDemoApp(clock), tools, upstreams } as unknown as Pick<
    ToolyardConfig<never>,
    "app" | "tools" | "upstreams"
  >;
}
