// Limits and their live state: what a call takes, what is left, who is refused and for how long.
export { createLimiter } from "./create-limiter.ts";
export { DEFAULT_CONCURRENCY, DEFAULT_LIMITS } from "./defaults.ts";
export { createLevelKeeper, type LevelKeeper, restoreLevels } from "./level-keeper.ts";
export type {
  Limiter,
  LimiterOptions,
  QuotaAnswer,
  QuotaOverride,
  QuotaOverrideSpec,
  QuotaState,
  Refusal,
  Reservation,
  SlotRefusal,
  ToolLimits,
} from "./limiter.ts";
