// A cost against the limits it is taken from: one that a limit can never grant would refuse every call.
import type { Problem } from "../../errors/toolyard-error.ts";
import type { Limit } from "../limit.ts";

/** What is wrong with `cost` beside `limits`, each of them well formed. */
export function checkCost(cost: number, limits: readonly Limit[]): readonly Problem[] {
  return limits.flatMap(({ capacity, burst }, index) => {
    const most = burst ?? capacity;
    if (cost <= most) return [];
    const message = `is ${cost}, more than limits[${index}] ever grants at once (${most}); no call would be admitted`;
    return [{ path: "cost", message }];
  });
}
