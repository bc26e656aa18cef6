// The demo's tools: a dozen that do real work, three over systems that can be told to break, and four that misbehave on
// purpose.
import type { AnyTool } from "../../index.ts";
import type { DemoApp } from "./demo-app.ts";
import { calculator } from "./tools/calculator.ts";
import { climate } from "./tools/climate.ts";
import { addToDate, datesBetween } from "./tools/dates.ts";
import { crash, flaky, hang, slow } from "./tools/misbehaving.ts";
import { addNote, clearNotes, listNotes } from "./tools/notes.ts";
import { chargeInvoice } from "./tools/payments.ts";
import { getRate, getRateHistory } from "./tools/rates.ts";
import { searchDocuments } from "./tools/search-documents.ts";
import { textStats } from "./tools/text-stats.ts";
import { convertTime, timeNow } from "./tools/time.ts";
import { unitTools } from "./tools/units.ts";

/** Every version of every tool. */
export const demoTools: readonly AnyTool<DemoApp>[] = [
  calculator,
  climate,
  ...unitTools,
  timeNow,
  convertTime,
  datesBetween,
  addToDate,
  searchDocuments,
  addNote,
  listNotes,
  clearNotes,
  textStats,
  getRate,
  getRateHistory,
  chargeInvoice,
  flaky,
  slow,
  hang,
  crash,
];
