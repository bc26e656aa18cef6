// The audit trail: makes events of calls and acts, redacted, and hands them to the sink.
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import type { Clock } from "../kernel/clock.ts";
import { isObject } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { AuditSink } from "../ports/audit-sink.ts";
import { type ActRecord, type CallRecord, toActEvent, toCallEvent } from "./audit-event.ts";
import { type ArgumentKeeping, createRedactor } from "./redaction.ts";
import { compileRules, type RedactionRules } from "./redaction-rules.ts";

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

const KEYS = ["sink", "arguments", "redact"];
const KEEPINGS: readonly ArgumentKeeping[] = ["none", "redacted", "full"];

/** Creates a trail over a sink, with the defaults, or over options. Throws INVALID_OPTION with every problem. */
export function createAuditTrail(given: AuditSink | AuditOptions, { clock }: { readonly clock: Clock }): AuditTrail {
  const options = isSink(given) ? { sink: given } : checkOptions(given);
  const { sink, arguments: keeping = "redacted", redact = {} } = options;
  const rules = compileRules(redact);
  const toKept = createRedactor(keeping, rules);
  // What an administrator changed is kept whether or not the arguments of calls are.
  const toKeptDetails = createRedactor(keeping === "none" ? "redacted" : keeping, rules);
  return {
    recordCall: (call) => sink.append(toCallEvent(call, clock.now(), toKept(call.arguments))),
    recordAct: (act) => sink.append(toActEvent(act, clock.now(), toKeptDetails(act.details))),
    flush: () => sink.flush(),
    async close() {
      await sink.flush();
      await sink.close();
    },
  };
}

function isSink(value: unknown): value is AuditSink {
  return typeof (value as AuditSink | null)?.append === "function";
}

function checkOptions(given: AuditOptions): AuditOptions {
  const options: Readonly<Record<string, unknown>> = isObject(given) ? given : {};
  const problems: Problem[] = [];
  for (const key of Object.keys(options)) {
    if (KEYS.includes(key)) continue;
    const [nearest] = findNearest(key, KEYS);
    const hint = nearest === undefined ? `expected one of ${KEYS.join(", ")}` : `did you mean "${nearest}"?`;
    problems.push({ path: `audit.${key}`, message: `there is no such option; ${hint}` });
  }
  const { sink, arguments: keeping = "redacted" } = options;
  if (!isSink(sink)) {
    problems.push({ path: "audit.sink", message: `received ${sink === null ? "null" : typeof sink}, expected an AuditSink: an object with append, flush and close` });
  }
  if (!KEEPINGS.includes(keeping as ArgumentKeeping)) {
    const received = typeof keeping === "string" ? JSON.stringify(keeping.slice(0, 40)) : typeof keeping;
    const [nearest] = findNearest(String(keeping), KEEPINGS);
    const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
    problems.push({ path: "audit.arguments", message: `received ${received}, expected "none", "redacted" or "full"${hint}` });
  }
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "audit: cannot be used", problems);
  return given;
}
