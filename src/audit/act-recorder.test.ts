import { expect, test } from "vitest";
import type { RecordedAct } from "../ports/act-recorder.ts";
import type { AuditEvent } from "../ports/audit-sink.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createActRecorder } from "./act-recorder.ts";
import { createAuditTrail } from "./audit-trail.ts";

const ACT: RecordedAct = {
  type: "key.created",
  subject: { tenant: "t", principal: "alice" },
  details: { keyId: "AbC123", name: "ci", by: "ops" },
};

function open({ isLedger = true, fails = false } = {}) {
  const events: AuditEvent[] = [];
  const reported: unknown[] = [];
  const append = (event: AuditEvent): Promise<void> => {
    if (fails) return Promise.reject(new Error("the disk is full"));
    events.push(event);
    return Promise.resolve();
  };
  const sink = { append, flush: () => Promise.resolve(), close: () => Promise.resolve() };
  const ledger = { ...sink, begin: () => Promise.resolve({ ok: true }) };
  const trail = createAuditTrail(isLedger ? ledger : sink, { clock: createManualClock() });
  const recorder = createActRecorder(trail, (error) => reported.push(error));
  return { events, reported, recorder };
}

test("records an act before it is done and afterwards, with what it does and to whom", async () => {
  const { events, recorder } = open();
  await recorder.intend(ACT);
  await recorder.record(ACT);
  expect(events).toMatchObject([
    { type: "act.intended", tenant: "t", principal: "alice", details: { act: "key.created", details: ACT.details } },
    { type: "key.created", tenant: "t", principal: "alice", roles: [], details: ACT.details, effect: "applied" },
  ]);
});

test("records nothing before an act where the sink promises nothing", async () => {
  const { events, recorder } = open({ isLedger: false });
  await recorder.intend(ACT);
  await recorder.record({ ...ACT, subject: null });
  expect(events).toMatchObject([{ type: "key.created", principal: null }]);
});

test("lets no act be done that cannot be recorded, and undoes none that was", async () => {
  const { recorder, reported } = open({ fails: true });
  await expect(recorder.intend(ACT)).rejects.toMatchObject({ code: "AUDIT_FAILED", retryable: true });
  await recorder.record(ACT);
  expect(reported).toHaveLength(1);
});

test("keeps no secret that found its way into the details", async () => {
  const { events, recorder } = open();
  await recorder.record({ ...ACT, details: { ...ACT.details, reason: "was password=canary-77aa" } });
  expect(JSON.stringify(events)).not.toContain("canary-77aa");
});
