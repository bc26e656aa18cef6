// What a call that may have an effect promises where the trail is a ledger: its intent first, its outcome as durably.
import { describe, expect, it } from "vitest";
import { createRegistry, defineTool, ToolError, type Registry } from "../../index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { AuditEvent, Durability } from "../../ports/audit-sink.ts";
import type { ClaimAnswer, IdempotencyClaim } from "../../ports/idempotency-store.ts";
import type { Ledger } from "../../ports/ledger.ts";
import { createMemoryIdempotencyStore } from "../../stores/memory/index.ts";
import { createManualClock } from "../../testing/manual-clock.ts";

type Step = string;

/** A ledger that tells what it was asked, and does it when `permits` resolves. */
function createRecordingLedger(clock: Clock, steps: Step[], permits: (step: Step) => Promise<void> | void = () => {}) {
  const keys = createMemoryIdempotencyStore({ clock });
  const events: AuditEvent[] = [];
  const ledger: Ledger = {
    recovered: [],
    prune: async () => {},
    state: { available: true, waiting: 0, dropped: 0 },
    async begin(event: AuditEvent, claim: IdempotencyClaim | null): Promise<ClaimAnswer> {
      steps.push(`begin${claim === null ? "" : " with a key"}`);
      await permits("begin");
      const answer: ClaimAnswer = claim === null ? { ok: true } : keys.claim(claim);
      if (answer.ok) events.push(event);
      return answer;
    },
    async append(event: AuditEvent, durability: Durability = "durable") {
      steps.push(`${durability} ${event.type}`);
      await permits(`${durability} ${event.type}`);
      events.push(event);
    },
    flush: async () => {},
    close: async () => {},
  };
  return { ledger, keys, events };
}

function open(steps: Step[], permits?: (step: Step) => Promise<void> | void, strict = false) {
  const clock = createManualClock();
  const { ledger, keys, events } = createRecordingLedger(clock, steps, permits);
  const base = { version: "1.0.0", description: "Works.", access: { roles: ["USER"] } } as const;
  const enter = async () => {
    steps.push("handler");
    return "done";
  };
  const registry = createRegistry({
    clock,
    audit: { sink: ledger, strict },
    idempotencyStore: keys,
    tools: [
      defineTool({ ...base, name: "pay", effect: "write", handler: enter }),
      defineTool({ ...base, name: "look", effect: "read", handler: enter }),
      defineTool({
        ...base,
        name: "fail",
        effect: "write",
        handler: async () => {
          throw new ToolError("NO", "No.");
        },
      }),
    ],
  });
  steps.length = 0;
  return { registry, events, clock };
}

const principal = { id: "u1" };
const call = (registry: Registry, tool: string, key?: string) =>
  registry.execute(tool, {}, { principal, ...(key !== undefined && { idempotencyKey: key }) });

describe("a call of a tool that writes", () => {
  it("is written down before its handler is entered, and its outcome before it is answered", async () => {
    const steps: Step[] = [];
    const { registry, events } = open(steps);
    expect(await call(registry, "pay")).toMatchObject({ ok: true });
    expect(steps).toEqual(["begin", "handler", "durable call.succeeded"]);
    const [intent, outcome] = events;
    expect(intent).toMatchObject({ type: "call.intended", tool: "pay", effect: "unknown", code: null, attempts: 0 });
    expect(outcome).toMatchObject({ callId: intent?.callId, effect: "applied" });
  });

  it("takes its key with the intent, and gives the outcome again without another one", async () => {
    const steps: Step[] = [];
    const { registry } = open(steps);
    await call(registry, "pay", "k");
    expect(await call(registry, "pay", "k")).toMatchObject({ ok: true, output: "done" });
    expect(steps).toEqual([
      "begin with a key",
      "handler",
      "durable call.succeeded",
      // The second had no effect to announce.
      "batched call.succeeded",
    ]);
  });

  it("is refused, and does nothing, when its intent cannot be written down", async () => {
    const steps: Step[] = [];
    const { registry } = open(steps, (step) => {
      if (step === "begin") throw new Error("the disk is full");
    });
    const failures: unknown[] = [];
    registry.on("audit.failed", ({ error }) => failures.push(error));
    for (const key of [undefined, "k"]) {
      const outcome = await call(registry, "pay", key);
      expect(outcome).toMatchObject({
        ok: false,
        error: { code: "AUDIT_UNAVAILABLE", effect: "none", retryable: true },
        meta: { attempts: 0 },
      });
    }
    expect(steps).toEqual(["begin", "batched call.refused", "begin with a key", "batched call.refused"]);
    expect(failures).toHaveLength(2);
  });

  it("ends at its deadline when the ledger does not answer", async () => {
    const steps: Step[] = [];
    const gate = Promise.withResolvers<void>();
    const { registry, clock } = open(steps, (step) => (step === "begin" ? gate.promise : undefined));
    const answered = call(registry, "pay", "k");
    await Promise.resolve();
    await clock.advance(30_000);
    expect(await answered).toMatchObject({ ok: false, error: { code: "TIMEOUT", effect: "none" } });
    expect(steps).not.toContain("handler");
    gate.resolve();
    // Its key is free again once the ledger has answered.
    await expect.poll(async () => (await call(registry, "pay", "k")).ok).toBe(true);
  });

  it("answers with a warning when its outcome cannot be written down: it has happened", async () => {
    const steps: Step[] = [];
    const { registry } = open(steps, (step) => {
      if (step.startsWith("durable")) throw new Error("the disk is full");
    });
    const outcome = await call(registry, "pay");
    expect(outcome).toMatchObject({ ok: true, output: "done" });
    expect(outcome.meta.warnings.map(({ code }) => code)).toEqual(["AUDIT_FAILED"]);
  });

  it("is written down as durably when its handler fails", async () => {
    const steps: Step[] = [];
    const { registry } = open(steps);
    await call(registry, "fail");
    expect(steps).toEqual(["begin", "durable call.failed"]);
  });
});

describe("a call of a tool that reads", () => {
  it("announces nothing, and waits for nothing", async () => {
    const steps: Step[] = [];
    const { registry } = open(steps);
    await call(registry, "look");
    expect(steps).toEqual(["handler", "batched call.succeeded"]);
  });

  it("waits for its record where the trail is strict, and is not answered without it", async () => {
    const steps: Step[] = [];
    let broken = false;
    const { registry } = open(
      steps,
      (step) => {
        if (broken && step.startsWith("durable")) throw new Error("the disk is full");
      },
      true,
    );
    expect(await call(registry, "look")).toMatchObject({ ok: true });
    expect(steps).toEqual(["handler", "durable call.succeeded"]);
    broken = true;
    expect(await call(registry, "look")).toMatchObject({
      ok: false,
      error: { code: "AUDIT_UNAVAILABLE", effect: "none" },
    });
  });
});
