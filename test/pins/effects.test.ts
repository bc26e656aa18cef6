// What may be repeated, kept and recovered is decided by one table: a literal copy of it, and the page that explains it.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { EFFECT_DEFAULTS } from "../../src/index.ts";
import { isRepeatable } from "../../src/tool/effect.ts";

const WRITE = {
  idempotent: false,
  repeats: 3,
  cacheable: false,
  lostAnswer: "OUTCOME_UNKNOWN",
  keyedByAgents: true,
};

test("the defaults of each effect are those that are pinned, and cannot be changed", () => {
  expect(EFFECT_DEFAULTS).toEqual({
    read: { idempotent: true, repeats: 3, cacheable: true, lostAnswer: "TIMEOUT", keyedByAgents: false },
    write: WRITE,
    destructive: WRITE,
  });
  expect([EFFECT_DEFAULTS, ...Object.values(EFFECT_DEFAULTS)].every(Object.isFrozen)).toBe(true);
});

test("an attempt may be made again only where that cannot have a second effect", () => {
  const table = (["read", "write", "destructive"] as const).flatMap((effect) =>
    [false, true].flatMap((idempotent) =>
      [false, true].flatMap((honoursKeys) =>
        [false, true]
          .filter((keyed) => isRepeatable({ effect, idempotent, honoursKeys }, keyed))
          .map((keyed) => [effect, idempotent, honoursKeys, keyed]),
      ),
    ),
  );
  const writes = (effect: string) => [
    [effect, false, true, true],
    [effect, true, false, false],
    [effect, true, false, true],
    [effect, true, true, false],
    [effect, true, true, true],
  ];
  const reads = table.filter(([effect]) => effect === "read");
  expect(reads).toHaveLength(8);
  expect(table.filter(([effect]) => effect !== "read")).toEqual([...writes("write"), ...writes("destructive")]);
});

test("docs/effects.md has the table", async () => {
  const text = await readFile(new URL("../../docs/effects.md", import.meta.url), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2, 8);
  expect(rows.map((row) => row.split("|")[1]?.trim())).toEqual([
    "repeating changes nothing more (`idempotent`)",
    "repeated after a failure",
    "answers may be kept (`cache`)",
    "a call that lost its answer is",
    "a fallback may answer",
    "an agent's loop gives the call a key",
  ]);
  const cells = (row: string | undefined): readonly string[] => row?.split("|").map((cell) => cell.trim()) ?? [];
  const { read, write } = EFFECT_DEFAULTS;
  const yes = (flag: boolean): string => (flag ? "yes" : "no");
  expect(cells(rows[0])[2]).toBe(yes(read.idempotent));
  expect(cells(rows[0])[3]).toMatch(new RegExp(`^${yes(write.idempotent)}\\b`));
  expect(cells(rows[1])[2]).toBe(`${read.repeats} times`);
  expect(cells(rows[1])[3]).toContain(`${write.repeats} times when`);
  expect(cells(rows[2])[2]).toBe(yes(read.cacheable));
  expect(cells(rows[2])[3]).toMatch(new RegExp(`^${yes(write.cacheable)}\\b`));
  expect(cells(rows[3])[2]).toContain(`\`${read.lostAnswer}\``);
  expect(cells(rows[3])[3]).toContain(`\`${write.lostAnswer}\``);
  expect(cells(rows[5]).slice(2, 4)).toEqual([yes(read.keyedByAgents), yes(write.keyedByAgents)]);
});
