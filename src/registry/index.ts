export type { CallMark } from "./call-marks.ts";
export { createCatalogue, requireTool, requireVersion, type Catalogue, type Changes } from "./catalogue.ts";
export { clearChannel, setChannel, setDefault } from "./changes/change-pointers.ts";
export {
  findBase,
  promoteCanary,
  rollBack,
  type RolloutStart,
  startRollout,
  stopRollouts,
} from "./changes/change-rollouts.ts";
export { changeStatus, type StatusChange } from "./changes/change-status.ts";
export {
  type ContractCheck,
  planPublication,
  type Publication,
  type PublicationOptions,
} from "./changes/plan-publication.ts";
export { removeVersion } from "./changes/remove-version.ts";
export {
  type AbsentVersion,
  compareVersions,
  createToolEntry,
  findEntry,
  type Entry,
  type Life,
  type ToolEntry,
} from "./entry.ts";
export { withKnownVersions, withoutKnownVersions } from "./known-versions.ts";
export { isChosen, type Rollouts, type StandingRollout } from "./rollout.ts";
export { type Found, lookupAmong, type Lookup, type Snapshot } from "./snapshot.ts";
export { type Audience, type AudienceMember, type Rollout, withoutHidden } from "./steering.ts";
export { fromStoredTool, toStoredTool } from "./stored-state.ts";
