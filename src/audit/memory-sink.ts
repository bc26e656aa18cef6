// Keeps the last events in memory: for tests, and for a process that only wants to look back a little.
import { readOptions } from "../errors/option-problems.ts";
import type { AuditEvent, AuditSink } from "../ports/audit-sink.ts";

export interface MemoryAuditSinkOptions {
  /** How many events are kept, 1 to 1,000,000; then the oldest goes. @default 10,000 */
  readonly maxEvents?: number;
}

export interface MemoryAuditSink extends AuditSink {
  append(event: AuditEvent): void;
  /** The events kept, oldest first; a new array at each read. */
  readonly events: readonly AuditEvent[];
  /** How many events have been dropped to make room. */
  readonly dropped: number;
}

/** Creates an empty sink. Throws INVALID_OPTION for a `maxEvents` out of its range. */
export function createMemoryAuditSink(options: MemoryAuditSinkOptions = {}): MemoryAuditSink {
  const reader = readOptions("memory audit sink", options, ["maxEvents"]);
  const maxEvents = reader.integer("maxEvents", 1, 1_000_000, 10_000);
  reader.done();
  // A ring: `next` is where the next event goes, and so where the oldest is once the ring is full.
  const ring: AuditEvent[] = [];
  let next = 0;
  let dropped = 0;
  return {
    append(event) {
      if (ring.length < maxEvents) {
        ring.push(event);
        return;
      }
      ring[next] = event;
      next = (next + 1) % maxEvents;
      dropped++;
    },
    flush: async () => {},
    close: async () => {},
    get events() {
      return [...ring.slice(next), ...ring.slice(0, next)];
    },
    get dropped() {
      return dropped;
    },
  };
}
