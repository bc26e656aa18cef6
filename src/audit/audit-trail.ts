// The audit trail: makes events of calls and acts, redacted, and hands them to the sink.
import { formatReceived, readOptions } from "../errors/option-problems.ts";
import type { Clock } from "../kernel/clock.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { AuditSink } from "../ports/audit-sink.ts";
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
  /** What to take out besides what looks secret. @default nothing */
  readonly redact?: RedactionRules;
}

/** What the pipeline and the registry record with. */
export interface AuditTrail {
  /**
   * Records a finished call. A returned promise has to be awaited before the call is answered; it rejects, or the call
   * throws, when the sink fails.
   */
  recordCall(call: CallRecord): MaybePromise<void>;
  /** Records an administrative act; fails like `recordCall`. */
  recordAct(act: ActRecord): MaybePromise<void>;
  /** Resolves when everything recorded is kept. */
  flush(): Promise<void>;
  /** Flushes and closes the sink. */
  close(): Promise<void>;
}

const KEEPINGS: readonly ArgumentKeeping[] = ["none", "redacted", "full"];

/** Creates a trail over a sink, with the defaults, or over options. Throws INVALID_OPTION with every problem. */
export function createAuditTrail(given: AuditSink | AuditOptions, { clock }: { readonly clock: Clock }): AuditTrail {
  const { sink, keeping, rules } = read(isSink(given) ? { sink: given } : given);
  const toKept = createRedactor(keeping, rules);
  // What an administrator changed is kept whether or not the arguments of calls are.
  const toKeptDetails = createRedactor(keeping === "none" ? "redacted" : keeping, rules);
  return {
    recordCall: (call) => sink.append(toCallEvent(call, clock.now(), toKept(call.arguments))),
    recordAct: (act) => sink.append(toActEvent(act, clock.now(), toKeptDetails(act.details))),
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

function isSink(value: unknown): value is AuditSink {
  return typeof (value as AuditSink | null)?.append === "function";
}

function read(options: AuditOptions): {
  readonly sink: AuditSink;
  readonly keeping: ArgumentKeeping;
  readonly rules: CompiledRules;
} {
  const reader = readOptions("audit", options, ["sink", "arguments", "redact"]);
  const { sink, redact = {} } = (options as AuditOptions | null) ?? {};
  const keeping = reader.choice("arguments", KEEPINGS, "redacted");
  if (!isSink(sink))
    reader.refuse(
      "sink",
      `received ${formatReceived(sink)}, expected an AuditSink: an object with append, flush and close`,
    );
  reader.done();
  return { sink: sink as AuditSink, keeping, rules: compileRules(redact) };
}
