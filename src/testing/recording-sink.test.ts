import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../ports/audit-sink.ts";
import { createRecordingSink } from "./recording-sink.ts";

const event = { type: "call.succeeded", callId: "a" } as unknown as AuditEvent;

describe("createRecordingSink", () => {
  it("keeps what is appended, fails while it is told to, and counts", async () => {
    const sink = createRecordingSink();
    await sink.append(event);
    sink.failWith(new Error("full"));
    await expect(sink.append(event)).rejects.toThrow("full");
    sink.failWith(null);
    await sink.append(event);
    await sink.flush();
    expect(sink.closed).toBe(false);
    await sink.close();
    expect(sink).toMatchObject({ closed: true, flushes: 1 });
    expect(sink.events).toEqual([event, event]);
  });
});
