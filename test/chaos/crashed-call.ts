// A program that makes one call of a tool that writes, and is killed at a named point of it. Without a point it makes the same call to
// its end, as a client does that was never answered, and prints what it was told.
// Arguments: a folder, the point or "none", the idempotency key.
import { appendFileSync } from "node:fs";
import { kill, pid } from "node:process";
import { DatabaseSync } from "node:sqlite";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRegistry, defineTool } from "../../src/index.ts";
import type { IdempotencyStore } from "../../src/ports/idempotency-store.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import type { CrashPoint } from "./crash-points.ts";
import { openKeptLedger } from "./kept-ledger.ts";

const [dir, point, key] = process.argv.slice(2) as [string, CrashPoint | "none", string];
const file = path.join(dir, "ledger.db");

function reach(reached: CrashPoint): void {
  if (reached === point) kill(pid, "SIGKILL");
}

const kept = await openKeptLedger({ path: file });

const ledger: Ledger = {
  get recovered() {
    return kept.ledger.recovered;
  },
  get state() {
    return kept.ledger.state;
  },
  prune: kept.ledger.prune.bind(kept.ledger),
  flush: () => kept.ledger.flush(),
  close: () => kept.ledger.close(),
  async begin(event, claim) {
    reach("before-begin");
    // Somebody else writes to the file: the intent has been handed over, and is not durable yet.
    if (point === "in-begin") new DatabaseSync(file).exec("begin immediate");
    const begun = kept.ledger.begin(event, claim);
    if (point === "in-begin") {
      await setTimeout(50);
      reach("in-begin");
    }
    const answer = await begun;
    reach("after-begin");
    return answer;
  },
  async append(event, durability) {
    if (event.type === "call.succeeded") reach("before-append");
    await kept.ledger.append(event, durability);
    if (event.type === "call.succeeded") reach("after-append");
  },
};

const idempotency: IdempotencyStore = {
  ...kept.idempotency,
  async store(...parts) {
    reach("before-store");
    const stored = await kept.idempotency.store(...parts);
    reach("after-store");
    return stored;
  },
};

const pay = defineTool({
  name: "pay",
  version: "1.0.0",
  description: "Pays once for each call.",
  effect: "write",
  access: { roles: ["USER"] },
  async handler(_, { callId }) {
    reach("handler-entered");
    appendFileSync(path.join(dir, "effects"), `${key} ${callId}\n`);
    reach("effect-done");
    return { paid: true };
  },
});

const registry = createRegistry({
  audit: ledger,
  idempotencyStore: idempotency,
  outcomeStore: kept.outcomes,
  tools: [pay],
});
const outcome = await registry.execute(pay, {}, { principal: { id: "alice" }, idempotencyKey: key });
await registry.close();
await kept.end();
process.stdout.write(JSON.stringify(outcome));
