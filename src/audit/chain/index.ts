// The hash chains of the trail: pure functions, which the ledger writes with and the verifier reads with.
export { parseAuditKey } from "./audit-key.ts";
export {
  type AnchoredBody,
  type ChainKind,
  type CheckpointBody,
  type ClosedBody,
  type DroppedBody,
  isChainKind,
  MAX_ANCHORS,
  type OpenedBody,
  toAnchoredBody,
  toCheckpointBodies,
  toOpenedBody,
} from "./bookkeeping.ts";
export { type Chain, type ChainEntry, type ChainOptions, createChain } from "./chain.ts";
export type { Anchor } from "./anchor-check.ts";
export type { ChainProblem, ChainProblemKind } from "./chain-problem.ts";
export type { ScannedChain } from "./chain-scan.ts";
export { comparePlaces } from "./record-cursor.ts";
export {
  type OutsideAnchor,
  verifyChains,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyResult,
} from "./verify-chains.ts";
export { type PlanOptions, planPruning, type PruningPlan } from "./plan-pruning.ts";
export { fromHeadsLine, type KeptHeads, toHeadsLine } from "./heads-line.ts";
export { matchesFilter } from "./record-filter.ts";
export { toBody } from "./chain-scan.ts";
