// What the tests of a ledger share: calls that begin and end, and what the trail tells of them.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { AuditReader, ChainRecord } from "../ports/audit-reader.ts";
import type { AuditEvent } from "../ports/audit-sink.ts";
import type { IdempotencyClaim, IdempotencyStore } from "../ports/idempotency-store.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { OutcomeStore } from "../ports/outcome-store.ts";
import type { StoreCase } from "./store-suite.ts";

/** A ledger in which nothing is, with the stores and the reader of the same place. */
export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly idempotency: IdempotencyStore;
  readonly outcomes: OutcomeStore;
  readonly reader: AuditReader;
  /**
   * Opens the same place once more. `killed`: this one's process has died, with nothing closed; `beside`: it goes on. What is opened
   * is closed by `close`. Left out by a ledger that ends with its process.
   */
  again?(other: "killed" | "beside"): Promise<OpenedLedger>;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type LedgerCase = StoreCase<OpenedLedger>;

export const AT: number = Date.UTC(2026, 0, 1);

export function toEvent(type: AuditEvent["type"], callId: string | null, other: Partial<AuditEvent> = {}): AuditEvent {
  return {
    type,
    at: AT,
    tenant: "t",
    principal: "alice",
    roles: ["USER"],
    ip: null,
    callId,
    parentCallId: null,
    tool: "orders.refund",
    version: "1.2.0",
    digest: null,
    code: null,
    attempts: 1,
    answeredBy: "tool",
    effect: "unknown",
    durationMs: 1.25,
    idempotencyKey: null,
    arguments: { amount: 12.5 },
    details: undefined,
    ...other,
  };
}

export function toKey(key: string): string {
  return `t\0alice\0orders.refund\0${key}`;
}

export function toClaim(owner: string, key: string): IdempotencyClaim {
  return { key: toKey(key), owner, version: "1.2.0", argumentsDigest: "digest", leaseMs: 60_000 };
}

export async function begin({ ledger }: OpenedLedger, callId: string, key: string | null = null): Promise<boolean> {
  const event = toEvent("call.intended", callId, { idempotencyKey: key });
  return (await ledger.begin(event, key === null ? null : toClaim(callId, key))).ok;
}

export async function end({ ledger }: OpenedLedger, callId: string): Promise<void> {
  await ledger.append(toEvent("call.succeeded", callId, { effect: "applied" }), "durable");
}

export async function read({ reader }: OpenedLedger): Promise<readonly ChainRecord[]> {
  return (await reader.search({}, "oldest", null, 1_000)).records;
}

/** `<kind> <call>` of each event, in some order. */
export async function tell(opened: OpenedLedger): Promise<readonly string[]> {
  return (await read(opened)).map(({ kind, index }) => `${kind} ${index.callId}`).toSorted();
}
