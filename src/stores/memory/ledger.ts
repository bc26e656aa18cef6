// A ledger in memory: what a ledger promises as long as the process lives, and the model of those that outlive it. Its records are
// chained like theirs, and can be verified like theirs.
import { createChain, toCheckpointBodies, toOpenedBody } from "../../audit/chain/index.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { ChainRecord, Pruning } from "../../ports/audit-reader.ts";
import type { AuditEvent } from "../../ports/audit-sink.ts";
import type { ClaimAnswer, IdempotencyClaim } from "../../ports/idempotency-store.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { MemoryIdempotencyStore } from "./idempotency-store.ts";
import type { MemoryTrail } from "./audit-reader.ts";

export interface MemoryLedgerOptions {
  readonly clock: Clock;
  /** Where the keys are taken. */
  readonly idempotency: MemoryIdempotencyStore;
  /** Records kept, 1 or more; then it takes nothing more, until it is pruned. @default 100,000 */
  readonly maxRecords?: number;
}

/** A ledger that answers at once. */
export interface MemoryLedger extends Ledger {
  begin(event: AuditEvent, claim: IdempotencyClaim | null): ClaimAnswer;
  append(event: AuditEvent): void;
  /** What is kept now, for `createMemoryAuditReader`. */
  readonly trail: MemoryTrail;
}

const WRITER = "w_memory";

/** Creates an empty ledger. */
export function createMemoryLedger(options: MemoryLedgerOptions): MemoryLedger {
  return new RecordsInMemory(options);
}

class RecordsInMemory implements MemoryLedger {
  readonly recovered: readonly never[] = [];
  readonly #options: MemoryLedgerOptions;
  readonly #chain = createChain({ writer: WRITER });
  readonly #open = new Set<string>();
  #records: ChainRecord[] = [];
  #available = true;
  #closed = false;

  constructor(options: MemoryLedgerOptions) {
    this.#options = options;
    this.#write("chain.opened", toOpenedBody(false, "memory", []));
  }

  get state(): Ledger["state"] {
    return { available: this.#available, waiting: 0, dropped: 0 };
  }

  get trail(): MemoryTrail {
    return { records: this.#records, heads: [this.#chain.head], openCalls: this.#open };
  }

  begin(event: AuditEvent, claim: IdempotencyClaim | null): ClaimAnswer {
    this.#assertRoom();
    const answer: ClaimAnswer = claim === null ? { ok: true } : this.#options.idempotency.claim(claim);
    if (!answer.ok) return answer;
    this.#write(event.type, event);
    if (event.callId !== null) this.#open.add(event.callId);
    return answer;
  }

  append(event: AuditEvent): void {
    this.#assertRoom();
    this.#write(event.type, event);
    if (event.callId !== null) this.#open.delete(event.callId);
  }

  async prune(pruning: Pruning, event: AuditEvent): Promise<void> {
    this.#assertOpen();
    this.#write(event.type, event);
    for (const body of toCheckpointBodies(pruning)) this.#write("chain.checkpoint", body);
    const last = pruning.pruned.find(({ writer }) => writer === WRITER)?.seq ?? 0;
    this.#records = this.#records.filter(({ seq }) => seq > last);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#closed = true;
  }

  #write(kind: string, body: object): void {
    this.#records.push(this.#chain.append({ at: this.#options.clock.now(), kind, body }));
  }

  #assertOpen(): void {
    if (this.#closed) throw new ToolyardError("CLOSED", "the ledger has been closed and takes nothing more");
  }

  #assertRoom(): void {
    this.#assertOpen();
    this.#available = this.#records.length < (this.#options.maxRecords ?? 100_000);
    if (this.#available) return;
    throw new ToolyardError("AUDIT_FAILED", "the ledger cannot be written: it is full, until it is pruned", {
      retryable: true,
    });
  }
}
