// The histogram of call durations. OpenTelemetry's metrics API, unlike its tracing API, has no stand-in that finds an SDK
// registered later; so the provider is looked up at each record, and the instrument made anew when it has changed.
import { type Attributes, type Histogram, type MeterProvider, metrics } from "@opentelemetry/api";

/** The instrumentation scope of everything recorded here. */
export const SCOPE = "toolyard";

/** Seconds, as the semantic conventions advise for durations. */
const BOUNDARIES = [0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30];

/** Records one call. */
export type DurationRecorder = (durationMs: number, attributes: Attributes) => void;

/** Creates a recorder into `provider`, or into the global one of the moment. */
export function createDurationRecorder(provider: MeterProvider | undefined): DurationRecorder {
  let source: MeterProvider | null = null;
  let histogram: Histogram | null = null;
  return (durationMs, attributes) => {
    const current = provider ?? metrics.getMeterProvider();
    if (histogram === null || current !== source) {
      source = current;
      histogram = current.getMeter(SCOPE).createHistogram("toolyard.call.duration", {
        unit: "s",
        description: "Duration of tool calls, refused ones included.",
        advice: { explicitBucketBoundaries: BOUNDARIES },
      });
    }
    histogram.record(durationMs / 1_000, attributes);
  };
}
