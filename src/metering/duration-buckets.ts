// Durations counted by size, so that percentiles can be told of sums of minutes and of processes: bounds that grow by 5 %, and so an
// error of at most 2.5 % for what lies between 1 µs and 11 days.
const GROWTH = Math.log(1.05);
const UNITS = 1_000;
const LAST = 567;

/** The bucket of a duration in milliseconds: 0 to 567. */
export function toBucket(ms: number): number {
  const units = ms * UNITS;
  if (!(units > 1)) return 0;
  return Math.min(LAST, Math.ceil(Math.log(units) / GROWTH));
}

/** A duration that stands for those of the bucket, milliseconds. */
export function fromBucket(bucket: number): number {
  return bucket === 0 ? 0.001 : Math.exp((bucket - 0.5) * GROWTH) / UNITS;
}

/** The duration below which `percent` of those counted lie; null when there are none. */
export function readBucketPercentile(buckets: Readonly<Record<string, number>>, percent: number): number | null {
  const counts = Object.entries(buckets)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .sort(([a], [b]) => a - b);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of counts) {
    seen += count;
    if (seen >= (total * percent) / 100) return fromBucket(bucket);
  }
  return null;
}
