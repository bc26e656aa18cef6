import { expect, test } from "vitest";
import { checkLayers } from "../../bench/check-layers.ts";
import { LAYERED, NO_LAYER } from "../../bench/layered-tools.ts";
import { toSlope } from "../../bench/slope.ts";

test("each contender has the layer that its name says, and none that it does not", async () => {
  await expect(checkLayers(LAYERED)).resolves.toBeUndefined();
});

test.each(LAYERED.filter(({ name }) => name !== NO_LAYER && name !== "idempotency key"))(
  "a contender without its layer is not measured: $name",
  async (layered) => {
    await expect(checkLayers([{ ...layered, policies: { retry: false } }])).rejects.toThrow(`${layered.name}: check`);
  },
);

test("a call with a layer is not measured as one without", async () => {
  const [bare] = LAYERED;
  if (bare === undefined) throw new Error("there is no contender");
  await expect(checkLayers([{ ...bare, policies: {} }])).rejects.toThrow(`${NO_LAYER}: check`);
});

test("a contender that nothing checks is not measured", async () => {
  const [bare] = LAYERED;
  if (bare === undefined) throw new Error("there is no contender");
  await expect(checkLayers([{ ...bare, name: "another layer" }])).rejects.toThrow("another layer: nothing checks it");
});

test("a slope is what a line through the samples grows by", () => {
  expect(toSlope([0, 10, 20].map((atMs) => ({ atMs, value: 3 + 0.5 * atMs })))).toBeCloseTo(0.5);
  expect(toSlope([4, 6, 6, 4].map((value, atMs) => ({ atMs, value })))).toBeCloseTo(0);
  expect(toSlope([{ atMs: 1, value: 1 }])).toBeNaN();
});
