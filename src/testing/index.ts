// For users' own tests: time that stands still, a sink that remembers, and what every store has to hold to.
export { createFaultInjector, type FaultInjector } from "./fault-injector.ts";
export type { FailingFault, FaultKind, FaultOptions, FaultRate, LatencyFault } from "./fault-options.ts";
export type { FaultCounts } from "./strike.ts";
export type { MethodOf, Unreliable } from "./unreliable-view.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createRecordingSink, type RecordingSink } from "./recording-sink.ts";
export { describeArtefactStore } from "./artefact-store-suite.ts";
export { describeAuditReader } from "./audit-reader-suite.ts";
export { describeCacheStore } from "./cache-store-suite.ts";
export { describeCatalogStore } from "./catalog-store-suite.ts";
export { describeIdempotencyStore } from "./idempotency-store-suite.ts";
export { describeKeyStore } from "./key-store-suite.ts";
export { describeLedger } from "./ledger-store-suite.ts";
export { describeOutcomeStore } from "./outcome-store-suite.ts";
export { describeQuotaStore } from "./quota-store-suite.ts";
export { describeSecretStore } from "./secret-store-suite.ts";
export { describeSlotStore } from "./slot-store-suite.ts";
