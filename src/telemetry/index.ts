export { createOpenTelemetryHooks, type OpenTelemetryOptions } from "./open-telemetry.ts";
