// The ledger as the registry uses it, over the thread that writes and a connection that reads.
import { formatReceived, readOptions } from "../../../errors/option-problems.ts";
import type { Clock } from "../../../kernel/clock.ts";
import type { AuditEvent, Durability } from "../../../ports/audit-sink.ts";
import type { Pruning } from "../../../ports/audit-reader.ts";
import type { ClaimAnswer, IdempotencyClaim, IdempotencyStore } from "../../../ports/idempotency-store.ts";
import type { Ledger } from "../../../ports/ledger.ts";
import type { OutcomeStore } from "../../../ports/outcome-store.ts";
import type { Database } from "../database.ts";
import { createSqlIdempotencyStore } from "../idempotency-store.ts";
import { createSqlOutcomeStore } from "../outcome-store.ts";
import type { QuotaLevelWriter } from "../quota-level-store.ts";
import type { UsageWriter } from "../usage-store.ts";
import { LedgerClient } from "./ledger-client.ts";
import type { ThreadSettings } from "./ledger-thread.ts";

export interface LedgerOptions {
  /** Hashes records with HMAC-SHA-256 under these 32 to 1,024 bytes. @default SHA-256 without a key */
  readonly key?: Uint8Array;
  /** How long a write, or a look at a key, may take before the call is refused, milliseconds, 10 to 60,000. @default 250 */
  readonly writeTimeoutMs?: number;
  /** Events that may wait to be written, 100 to 10,000,000; then those of reads are refused. @default 100,000 */
  readonly maxWaiting?: number;
  /**
   * A folder on a disk of this machine, of no other ledger: what has happened is kept there, synced, while the database does not
   * answer, and written when the ledger is opened the next time, should this process end before. @default none
   */
  readonly spoolDir?: string;
}

export interface OpenLedger {
  readonly ledger: Ledger;
  readonly idempotency: IdempotencyStore;
  readonly outcomes: OutcomeStore;
  readonly usage: UsageWriter;
  readonly quotas: QuotaLevelWriter;
  /** Writes what waits and ends the chain. */
  close(): Promise<void>;
}

const WRITE_MS = 250;
/** How long closing waits for a database that does not answer, milliseconds. */
const CLOSE_MS = 5_000;

interface Parts {
  readonly settings: Pick<ThreadSettings, "sqlite" | "postgres">;
  readonly options: LedgerOptions;
  readonly clock: Clock;
  readonly version: string;
  /** Nothing is opened before. @default at once */
  readonly ready?: Promise<unknown> | undefined;
}

/** Starts the writing thread. Rejects as opening the database does, and as `ready` does. */
export async function startLedger({ settings, options, clock, version, ready }: Parts): Promise<LedgerClient> {
  const reader = readOptions("ledger", options, ["key", "writeTimeoutMs", "maxWaiting", "spoolDir"]);
  const writeTimeoutMs = reader.integer("writeTimeoutMs", 10, 60_000, WRITE_MS);
  const maxWaiting = reader.integer("maxWaiting", 100, 10_000_000, 100_000);
  const { spoolDir } = options;
  if (spoolDir !== undefined && (typeof spoolDir !== "string" || spoolDir === ""))
    reader.refuse("spoolDir", `received ${formatReceived(spoolDir)}, expected the path of a folder`);
  reader.done();
  const client = new LedgerClient({
    settings: { ...settings, key: options.key ?? null, version },
    clock,
    writeTimeoutMs,
    maxWaiting,
    spoolDir: spoolDir ?? null,
  });
  await client.open(ready);
  return client;
}

/** The stores over a started thread. */
export function createLedger(
  client: LedgerClient,
  reader: Database,
  clock: Clock,
  { writeTimeoutMs: waitMs = WRITE_MS }: LedgerOptions,
): OpenLedger {
  return {
    ledger: new SqlLedger(client, clock),
    idempotency: createSqlIdempotencyStore({ client, reader, clock, waitMs }),
    outcomes: createSqlOutcomeStore({ client, reader, clock, waitMs }),
    usage: {
      async add(rows) {
        await client.ask({ do: "usage", rows }, "beside");
      },
      prune: (minutesBefore, hoursBefore) => client.ask<number>({ do: "forget", minutesBefore, hoursBefore }, "beside"),
    },
    quotas: {
      async put(levels) {
        await client.ask({ do: "levels", levels }, "beside");
      },
      prune: (now) => client.ask<number>({ do: "whole", now }, "beside"),
    },
    close: () => client.close(CLOSE_MS),
  };
}

class SqlLedger implements Ledger {
  readonly #client: LedgerClient;
  readonly #clock: Clock;
  /** Calls whose intents are open, or about to be. */
  readonly #begun = new Set<string>();

  constructor(client: LedgerClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  get recovered(): Ledger["recovered"] {
    return this.#client.recovered;
  }

  get state(): Ledger["state"] {
    return this.#client.state;
  }

  async begin(event: AuditEvent, claim: IdempotencyClaim | null): Promise<ClaimAnswer> {
    const { callId } = event;
    // From now on, not from the answer on: a call whose deadline comes first is ended while its intent is under way.
    if (callId !== null) this.#begun.add(callId);
    try {
      const answer = await this.#client.ask<ClaimAnswer>(
        { do: "begin", now: this.#clock.now(), event, claim },
        "before",
      );
      if (!answer.ok && callId !== null) this.#begun.delete(callId);
      return answer;
    } catch (error) {
      if (callId !== null) this.#begun.delete(callId);
      throw error;
    }
  }

  append(event: AuditEvent, durability: Durability = "durable"): Promise<void> | undefined {
    const ends = event.callId !== null && this.#begun.has(event.callId);
    const op = { do: "append", event, ends } as const;
    if (durability === "batched" && !ends) {
      this.#client.post(op);
      return undefined;
    }
    // Acts wait longer than calls: a person does, and a start has nobody waiting for it yet.
    const written = this.#client.ask<boolean>(op, "after");
    if (ends) this.#begun.delete(event.callId);
    return written.then(() => undefined);
  }

  async prune(pruning: Pruning, event: AuditEvent): Promise<void> {
    await this.#client.run({ do: "prune", pruning, event });
  }

  async flush(): Promise<void> {
    if (!this.#client.ended) await this.#client.ask({ do: "flush" }, "beside");
  }

  close(): Promise<void> {
    return this.#client.close(CLOSE_MS);
  }
}
