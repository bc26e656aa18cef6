// For users' own tests: time that stands still, and a sink that remembers.
export { createManualClock, type ManualClock } from "./manual-clock.ts";
