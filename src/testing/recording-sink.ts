// An audit sink for tests: keeps everything, and fails when told to.
import type { AuditEvent, AuditSink } from "../ports/audit-sink.ts";

export interface RecordingSink extends AuditSink {
  /** What was appended and did not fail, in order. */
  readonly events: readonly AuditEvent[];
  /** From now on `append` rejects with `error`; with null it works again. */
  failWith(error: unknown): void;
  /** Whether `close` was called. */
  readonly closed: boolean;
  /** How often `flush` was called. */
  readonly flushes: number;
}

/** Creates an empty sink. Its `append` returns a promise, as that of a durable sink does. */
export function createRecordingSink(): RecordingSink {
  const events: AuditEvent[] = [];
  let failure: unknown = null;
  let closed = false;
  let flushes = 0;
  return {
    append(event) {
      if (failure !== null) return Promise.reject(failure);
      events.push(event);
      return Promise.resolve();
    },
    async flush() {
      flushes++;
    },
    async close() {
      closed = true;
    },
    failWith(error) {
      failure = error;
    },
    events,
    get closed() {
      return closed;
    },
    get flushes() {
      return flushes;
    },
  };
}
