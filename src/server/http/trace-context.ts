// W3C Trace Context of a request. https://www.w3.org/TR/trace-context/
import { randomBytes } from "node:crypto";

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

export interface TraceContext {
  readonly traceId: string;
  /** Of the caller. */
  readonly parentId: string;
  /** Of this request. */
  readonly spanId: string;
  readonly flags: string;
}

/** null: there is none that can be read, and then the field is as good as absent. */
export function readTraceContext(traceparent: string | string[] | undefined): TraceContext | null {
  if (typeof traceparent !== "string") return null;
  const found = TRACEPARENT.exec(traceparent);
  if (found === null) return null;
  const [, traceId = NO_TRACE, parentId = NO_SPAN, flags = "00"] = found;
  if (traceId === NO_TRACE || parentId === NO_SPAN) return null;
  return { traceId, parentId, spanId: randomBytes(8).toString("hex"), flags };
}

/** The field `traceresponse`. */
export function toTraceResponse({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags}`;
}
