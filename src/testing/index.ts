// For users' own tests: time that stands still, a sink that remembers, and what every store has to hold to.
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createRecordingSink, type RecordingSink } from "./recording-sink.ts";
export { describeQuotaStore } from "./quota-store-suite.ts";
export { describeSlotStore } from "./slot-store-suite.ts";
