// The ledger in memory keeps what its suite asks.
import { describe, test } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { describeLedger } from "../../testing/ledger-store-suite.ts";
import { createMemoryAuditReader } from "./audit-reader.ts";
import { createMemoryIdempotencyStore } from "./idempotency-store.ts";
import { createMemoryLedger } from "./ledger.ts";
import { createMemoryOutcomeStore } from "./outcome-store.ts";

function open() {
  const clock = createManualClock();
  const idempotency = createMemoryIdempotencyStore({ clock });
  const ledger = createMemoryLedger({ clock, idempotency });
  const reader = createMemoryAuditReader(() => ledger.trail);
  return { ledger, idempotency, outcomes: createMemoryOutcomeStore(), reader };
}

describe("the ledger in memory", () => {
  describeLedger({ test, open });
});
