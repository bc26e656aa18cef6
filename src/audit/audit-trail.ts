// The audit trail: makes events of calls and acts, redacted, and hands them to the sink.
import { formatReceived, readOptions } from "../errors/option-problems.ts";
import type { Clock } from "../kernel/clock.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { AuditSink, Durability } from "../ports/audit-sink.ts";
import type { ClaimAnswer, IdempotencyClaim } from "../ports/idempotency-store.ts";
import type { Ledger, LedgerState } from "../ports/ledger.ts";
import { readAuditKey } from "./chain/audit-key.ts";
import { type ActRecord, type CallRecord, toActEvent, toCallEvent } from "./audit-event.ts";
import { type ArgumentKeeping, createRedactor } from "./redaction.ts";
import { type CompiledRules, compileRules, type RedactionRules } from "./redaction-rules.ts";

export interface AuditOptions {
  readonly sink: AuditSink;
  /**
   * Which arguments are kept: none of them; all, with what looks secret taken out; or all as they are. Texts are cut at
   * 1,024 characters, and a call's arguments at 16 KiB, in every case.
   * @default "redacted"
   */
  readonly arguments?: ArgumentKeeping;
  /** What to take out, or to keep as a hash, besides what looks secret. @default nothing */
  readonly redact?: RedactionRules;
  /** The audit key, which `redact.hmac` hashes with: 32 to 1,024 random bytes, or 32 as hexadecimal or base64. @default none */
  readonly key?: Uint8Array | string;
  /**
   * Whether a call of a tool that reads is answered only when its event is durable, and with AUDIT_UNAVAILABLE when it cannot
   * be. Calls of tools that write, and administrative acts, always are where the sink is a ledger. @default false
   */
  readonly strict?: boolean;
}

/** What the pipeline and the registry record with. */
export interface AuditTrail {
  /** Whether reads wait for the disk too. */
  readonly strict: boolean;
  /** How a ledger's writing goes; null for a sink that is none. */
  readonly state: LedgerState | null;
  /**
   * Records that a call is about to have an effect, and takes its key: both or neither, see `Ledger`. Null when the sink is no
   * ledger, and has no promise to keep before the effect.
   */
  readonly intend: ((call: CallRecord, claim: IdempotencyClaim | null) => MaybePromise<ClaimAnswer>) | null;
  /**
   * Records a finished call. A returned promise has to be awaited before the call is answered; it rejects, or the call
   * throws, when the sink fails.
   */
  recordCall(call: CallRecord, durability?: Durability): MaybePromise<void>;
  /** Records that another version ran beside a call, in its own time; fails like `recordCall`. */
  recordShadow(call: CallRecord): MaybePromise<void>;
  /** Records an administrative act, durably; fails like `recordCall`. */
  recordAct(act: ActRecord): MaybePromise<void>;
  /** Resolves when everything recorded is kept. */
  flush(): Promise<void>;
  /** Flushes and closes the sink. */
  close(): Promise<void>;
}

const KEEPINGS: readonly ArgumentKeeping[] = ["none", "redacted", "full"];

/** Creates a trail over a sink, with the defaults, or over options. Throws INVALID_OPTION with every problem. */
export function createAuditTrail(given: AuditSink | AuditOptions, { clock }: { readonly clock: Clock }): AuditTrail {
  const { sink, keeping, rules, strict } = read(isSink(given) ? { sink: given } : given);
  const ledger = isLedger(sink) ? sink : null;
  const toKept = createRedactor(keeping, rules);
  // What an administrator changed is kept whether or not the arguments of calls are.
  const toKeptDetails = createRedactor(keeping === "none" ? "redacted" : keeping, rules);
  return {
    strict,
    get state() {
      return ledger?.state ?? null;
    },
    intend:
      ledger === null
        ? null
        : (call, claim) => ledger.begin(toCallEvent(call, clock.now(), toKept(call.arguments), "call.intended"), claim),
    recordCall: (call, durability) => sink.append(toCallEvent(call, clock.now(), toKept(call.arguments)), durability),
    recordShadow: (call) => {
      const told = { ...call, details: toKeptDetails(call.details) };
      return sink.append(toCallEvent(told, clock.now(), undefined, "call.shadowed"), "batched");
    },
    recordAct: (act) => sink.append(toActEvent(act, clock.now(), toKeptDetails(act.details)), "durable"),
    flush: () => sink.flush(),
    async close() {
      try {
        await sink.flush();
      } finally {
        await sink.close();
      }
    },
  };
}

function isLedger(sink: AuditSink): sink is Ledger {
  return typeof (sink as Partial<Ledger>).begin === "function";
}

function isSink(value: unknown): value is AuditSink {
  return typeof (value as AuditSink | null)?.append === "function";
}

function read(options: AuditOptions): {
  readonly sink: AuditSink;
  readonly keeping: ArgumentKeeping;
  readonly rules: CompiledRules;
  readonly strict: boolean;
} {
  const reader = readOptions("audit", options, ["sink", "arguments", "redact", "key", "strict"]);
  const { sink, redact = {}, key } = (options as AuditOptions | null) ?? {};
  const keeping = reader.choice("arguments", KEEPINGS, "redacted");
  if (!isSink(sink))
    reader.refuse(
      "sink",
      `received ${formatReceived(sink)}, expected an AuditSink: an object with append, flush and close`,
    );
  const strict = reader.boolean("strict", false);
  reader.done();
  return { sink: sink as AuditSink, keeping, rules: compileRules(redact, readAuditKey(key)), strict };
}
