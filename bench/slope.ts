// How fast something grows, from samples that each are a little off.

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** What `value` grows by in a millisecond, by least squares; NaN for fewer than two points in time. */
export function toSlope(samples: readonly Sample[]): number {
  const at = toMean(samples.map(({ atMs }) => atMs));
  const middle = toMean(samples.map(({ value }) => value));
  const covariance = toMean(samples.map(({ atMs, value }) => (atMs - at) * (value - middle)));
  return covariance / toMean(samples.map(({ atMs }) => (atMs - at) ** 2));
}

function toMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
