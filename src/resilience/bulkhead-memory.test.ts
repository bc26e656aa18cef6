// What a line leaves behind in memory, read after the engine has collected.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createBulkhead } from "./bulkhead.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function readHeap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("keeps nothing of those that left", () => {
  const bulkhead = createBulkhead({ max: 1, queue: 4, adaptive: false, min: 1 }, createManualClock());
  bulkhead.tryTake();
  // Nobody is granted anything, as in front of a tool that hangs for good.
  const leave = (times: number): void => {
    for (let count = 0; count < times; count++) bulkhead.wait()?.leave();
  };
  leave(1_000);
  const before = readHeap();
  leave(100_000);
  expect(bulkhead.waiting).toBe(0);
  // 120 bytes for each of them would be 12 MB.
  expect(readHeap() - before).toBeLessThan(3_000_000);
});
