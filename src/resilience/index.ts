// What stands between a call and a tool that fails: how often it is repeated and when, whether it is left alone, how many
// calls run at once. State machines on a clock that is passed in; none of them starts a timer or throws.
export { toDelayMs } from "./backoff.ts";
export { createBreaker, type Breaker, type BreakerState } from "./breaker.ts";
export { createBulkhead, type Bulkhead, type Waiter } from "./bulkhead.ts";
export { createRetryBudget, tryRepeatAll, type RetryBudget } from "./retry-budget.ts";
