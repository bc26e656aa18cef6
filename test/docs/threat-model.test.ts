// docs/security/threat-model.md and the tests say the same: every requirement has one row, every test that a row names is there, and every
// requirement that a test names has a row.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = "docs/security/threat-model.md";
const IDS = [
  ...["S-01", "S-02", "S-03", "S-04", "S-05", "S-06", "S-07", "S-08", "S-09", "S-10"],
  ...["S-11", "S-12", "S-13", "S-14", "S-15"],
  ...["S-20", "S-21", "S-22", "S-23", "S-24", "S-25", "S-26", "S-27"],
  ...["S-30", "S-31", "S-32", "S-33", "S-34", "S-35", "S-36"],
  ...["S-40", "S-41", "S-42", "S-50", "S-51", "S-52"],
  ...["S-60", "S-61", "S-62", "S-63", "S-64", "S-65"],
  ...["S-70", "S-71", "S-72", "S-73", "S-80", "S-81"],
];

const page = readFileSync(join(ROOT, PAGE), "utf8");

interface Row {
  readonly id: string;
  readonly text: string;
  readonly tests: readonly { readonly path: string; readonly name: string }[];
}

const ROWS: readonly Row[] = [...page.matchAll(/^\| (S-\d\d) \| (.+)$/gm)].map(([, id = "", text = ""]) => ({
  id,
  text,
  tests: toTests(text),
}));

function toTests(text: string): { path: string; name: string }[] {
  return [...text.matchAll(/`([^`]+\.test\.ts)` "([^"]+)"/g)].map(([, path = "", name = ""]) => ({ path, name }));
}

function listTests(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => `${folder}/${path}`)
    .filter((path) => !path.startsWith("test/docs/") && statSync(join(ROOT, path)).isFile());
}

/** Without what only the layout of a file puts between words. */
function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8").replace(/\s+(?:\/\/ )?/g, " ");
}

describe("the threat model", () => {
  it("has a row for each requirement, in order", () => {
    expect(ROWS.map(({ id }) => id)).toEqual(IDS);
  });

  it.each(ROWS.map((row) => [row.id, row] as const))(
    "shows %s by tests that are there, or says why not yet",
    (_id, row) => {
      if (row.tests.length === 0) expect(row.text).toMatch(/not yet.{10}/);
      for (const { path, name } of row.tests) expect(read(path), `${path} "${name}"`).toContain(name);
      // A path without the name of a test shows nothing.
      expect(row.text.match(/`[^`]+\.test\.ts`/g)?.length ?? 0).toBe(row.tests.length);
    },
  );

  it("names tests outside of its table that are there, too", () => {
    for (const { path, name } of toTests(page.replace(/\s+/g, " "))) expect(read(path), path).toContain(name);
  });

  it("has a row with a test for every requirement that a test names", () => {
    const shown = new Set(ROWS.filter(({ tests }) => tests.length > 0).map(({ id }) => id));
    const named = [...listTests("test"), ...listTests("src")].flatMap((path) =>
      [...new Set(read(path).match(/\bS-\d\d\b/g) ?? [])].map((id) => [id, path] as const),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(([id]) => !shown.has(id))).toEqual([]);
  });
});
