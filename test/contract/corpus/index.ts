// All labelled changes.
import { CALENDAR } from "./calendar.ts";
import { FILES } from "./files.ts";
import { INVENTORY } from "./inventory.ts";
import type { LabelledChange } from "./labelled-change.ts";
import { ORDERS } from "./orders.ts";
import { PAYMENTS } from "./payments.ts";
import { SEARCH } from "./search.ts";

export type { LabelledChange } from "./labelled-change.ts";

export const CORPUS: readonly LabelledChange[] = [
  ...ORDERS,
  ...PAYMENTS,
  ...CALENDAR,
  ...FILES,
  ...SEARCH,
  ...INVENTORY,
];
