import { expect, test } from "vitest";
import { checkBump } from "./check-bump.ts";
import { type ChangeClass, toChange, toLargest } from "./contract-change.ts";
import type { ContractDiff } from "./diff-contracts.ts";

function diffOf(...kinds: readonly ChangeClass[]): ContractDiff {
  const changes = kinds.map((kind) => toChange(kind, "/x", "is different", {}));
  return { changes, bump: toLargest(changes.map(({ bump }) => bump)), breaking: kinds.includes("breaking") };
}

type Row = readonly [kinds: readonly ChangeClass[], from: string, to: string, ok: boolean, smallest: string];

const ROWS: readonly Row[] = [
  // From 1.0.0 on.
  [["breaking"], "1.2.3", "2.0.0", true, "2.0.0"],
  [["breaking"], "1.2.3", "3.1.0", true, "2.0.0"],
  [["breaking"], "1.2.3", "1.3.0", false, "2.0.0"],
  [["widening"], "1.2.3", "1.3.0", true, "1.3.0"],
  [["widening"], "1.2.3", "2.0.0", true, "1.3.0"],
  [["widening"], "1.2.3", "1.2.4", false, "1.3.0"],
  [["instruction"], "1.2.3", "1.3.0", true, "1.3.0"],
  [["instruction"], "1.2.3", "1.2.4", false, "1.3.0"],
  [["cosmetic"], "1.2.3", "1.2.4", true, "1.2.4"],
  [["cosmetic", "breaking", "widening"], "1.2.3", "1.3.0", false, "2.0.0"],
  // Below 1.0.0.
  [["breaking"], "0.2.3", "0.3.0", true, "0.3.0"],
  [["breaking"], "0.2.3", "1.0.0", true, "0.3.0"],
  [["breaking"], "0.2.3", "0.2.4", false, "0.3.0"],
  [["breaking"], "0.0.3", "0.0.4", false, "0.1.0"],
  [["widening"], "0.2.3", "0.2.4", true, "0.2.4"],
  [["instruction"], "0.2.3", "0.2.4", false, "0.3.0"],
  [["cosmetic"], "0.2.3", "0.2.4", true, "0.2.4"],
  // Nothing, and nothing but the number.
  [[], "1.2.3", "1.2.3", true, "1.2.3"],
  [[], "1.2.3", "1.2.4", true, "1.2.3"],
  [[], "1.2.3", "1.2.2", false, "1.2.3"],
  // The same number, and a lower one.
  [["cosmetic"], "1.2.3", "1.2.3", false, "1.2.4"],
  [["breaking"], "1.2.3", "1.2.3", false, "2.0.0"],
  [["cosmetic"], "2.0.0", "1.9.9", false, "2.0.1"],
  // Prereleases count as what they precede.
  [["breaking"], "1.2.3", "2.0.0-beta.1", true, "2.0.0"],
  [["breaking"], "1.2.3", "1.3.0-beta.1", false, "2.0.0"],
  [["widening"], "1.2.3", "1.3.0-rc.1", true, "1.3.0"],
  [["cosmetic"], "1.2.3", "1.2.4-rc.1", true, "1.2.4"],
  [["cosmetic"], "1.2.3", "1.2.3-rc.1", false, "1.2.4"],
  // And promise nothing themselves.
  [["breaking"], "2.0.0-beta.1", "2.0.0-beta.2", true, "2.0.0-beta.2"],
  [["breaking"], "2.0.0-beta.1", "2.0.0", true, "2.0.0-beta.2"],
  [["breaking"], "2.0.0-beta.1", "2.1.0", true, "2.0.0-beta.2"],
  [["cosmetic"], "2.0.0-beta.2", "2.0.0-beta.1", false, "2.0.0-beta.3"],
  [["breaking"], "2.0.0-beta.1", "2.0.0-beta.1", false, "2.0.0-beta.2"],
];

test.each(ROWS)("of %j from %s to %s: %s, %s at least", (kinds, from, to, ok, smallest) => {
  const check = checkBump(from, to, diffOf(...kinds));
  expect([check.ok, check.smallest]).toEqual([ok, smallest]);
  // What is named as the smallest is accepted, and the next lower ones are not.
  expect(checkBump(from, smallest, diffOf(...kinds)).ok).toBe(true);
});

test("says what was received, how much has changed, and what is the smallest", () => {
  const check = checkBump("1.2.0", "1.2.1", diffOf("widening", "breaking", "breaking"));
  expect(check).toEqual({
    ok: false,
    required: "major",
    smallest: "2.0.0",
    message: "1.2.1 is too low for 2 breaking changes since 1.2.0; the smallest that is accepted is 2.0.0",
  });
  const same = checkBump("1.2.0", "1.2.0", diffOf("instruction"));
  expect(same.ok ? "" : same.message).toBe(
    "1.2.0 is the same version for 1 instruction change since 1.2.0; the smallest that is accepted is 1.3.0",
  );
  const lower = checkBump("1.2.0", "1.1.0", diffOf());
  expect(lower.ok ? "" : lower.message).toBe("1.1.0 is lower than 1.2.0, and nothing has changed");
});

test.each([
  ["1.2", "1.3.0"],
  ["1.2.0", "latest"],
  ["", "1.0.0"],
])("refuses %j to %j as no exact versions", (from, to) => {
  const check = checkBump(from, to, diffOf("cosmetic"));
  expect(check.ok ? "" : check.message).toMatch(
    /^received ".*", expected an exact semantic version such as "1\.2\.0"$/,
  );
});
