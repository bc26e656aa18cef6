// Amounts as whole numbers: a unit is a million steps, so that sums of costs such as 0.1 are exact. The largest sum (two
// bursts and a capacity of a thousand million units) is below 2^53.
import { ToolyardError } from "../errors/toolyard-error.ts";

const STEPS_PER_UNIT = 1_000_000;
// A product such as 1.1 * 1e6 may come out a rounding above the whole number it stands for.
const LESS_NOISE = 1 - 1e-12;

/**
 * `units` in steps, rounded up: a cost is never counted too low. Beyond 2^53 steps no longer exact, but then over every
 * burst. Throws INVALID_OPTION for what is below 0 or no number.
 */
export function toSteps(units: number): number {
  if (!(units >= 0))
    throw new ToolyardError("INVALID_OPTION", `cost: received ${units}, expected a number of 0 or more`);
  const steps = units * STEPS_PER_UNIT;
  return Number.isInteger(steps) ? steps : Math.ceil(steps * LESS_NOISE);
}

/** Whole units in `steps`. */
export function toUnits(steps: number): number {
  return Math.floor(steps / STEPS_PER_UNIT);
}
