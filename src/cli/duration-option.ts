// Durations as people type them: 90s, 15m, 1h, 7d.
import { InvalidArgumentError } from "commander";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** `text` in milliseconds. Throws an InvalidArgumentError that says what is accepted. */
export function parseDuration(text: string): number {
  const [, amount, unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)([a-z])$/.exec(text) ?? [];
  const ms = UNITS.get(unit);
  if (amount !== undefined && ms !== undefined && Number(amount) > 0) return Number(amount) * ms;
  throw new InvalidArgumentError("Expected a number with s, m, h or d, such as 90s, 15m, 1h or 7d.");
}
