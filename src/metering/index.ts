export type { Mark } from "./cell.ts";
export type { CustomUsage, MeteringReport, PrincipalUsage, ToolUsage } from "./usage.ts";
export type { Meter, MeteredPrincipal, Metering, MeteringCore, MeteringOptions } from "./metering.ts";
export { createMetering } from "./create-metering.ts";
export { formatUsage } from "./format-usage.ts";
export { createUsageKeeper, type UsageKeeper, type UsageRetention } from "./usage-keeper.ts";
export { readBucketPercentile } from "./duration-buckets.ts";
export { addUsage, toHourRow } from "./usage-sum.ts";
