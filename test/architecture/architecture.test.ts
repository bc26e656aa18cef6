// Every rule that guards the architecture is seen failing here, on files that break it, with the configuration that
// `npm run lint` uses. A rule switched off, or an allow-list that lets more through than it says, turns this red.
import { beforeAll, describe, expect, test } from "vitest";
import { IMPORT_MATRIX } from "./import-matrix.ts";
import { type Finding, lintProject, readFixtures, toExpectations } from "./lint-fixtures.ts";

const ARCHITECTURE_RULES = [
  "boundaries(dependencies)",
  "boundaries(no-unknown-files)",
  "eslint(complexity)",
  "eslint(max-lines)",
  "eslint(max-lines-per-function)",
  "eslint(no-console)",
  "eslint(no-restricted-globals)",
  "eslint(no-restricted-imports)",
  "eslint(no-restricted-properties)",
  "house(no-computed-import)",
  "house(no-export-all)",
  "house(no-wall-clock)",
  "import(no-cycle)",
  "import(no-default-export)",
  "typescript(no-explicit-any)",
  "typescript(no-floating-promises)",
  "typescript(no-misused-promises)",
  "typescript(switch-exhaustiveness-check)",
];

const SIZES: ReadonlyMap<string, string> = new Map([
  ["src/audit/has-300-lines.ts", toLines(300)],
  ["src/audit/has-301-lines.ts", toLines(301)],
  ["src/audit/function-of-60-lines.ts", toFunction(60)],
  ["src/audit/function-of-61-lines.ts", toFunction(61)],
]);

let fixtures: ReadonlyMap<string, string>;
let findings: readonly Finding[];

// Oxlint reads the types of the whole project: on a busy machine that takes its time.
beforeAll(async () => {
  fixtures = await readFixtures();
  const matrix = [...IMPORT_MATRIX].map(
    ([path, attempts]) => [path, attempts.map(({ statement }) => statement).join("\n")] as const,
  );
  findings = await lintProject(new Map([...fixtures, ...SIZES, ...matrix]));
}, 180_000);

const findingsIn = (files: ReadonlyMap<string, unknown>): readonly string[] =>
  toTexts(findings.filter(({ file }) => files.has(file)));

describe("the linter", () => {
  test("finds in the fixtures what they mark, and nothing else", () => {
    expect(findingsIn(fixtures)).toEqual(toTexts(toExpectations(fixtures)));
  });

  test.each(ARCHITECTURE_RULES)("has refused something by %s", (rule) => {
    expect(findings.map((finding) => finding.rule)).toContain(rule);
  });

  test("refuses the 301st line of a file and the 61st of a function", () => {
    expect(findingsIn(SIZES)).toEqual([
      "src/audit/function-of-61-lines.ts:1 eslint(max-lines-per-function)",
      "src/audit/has-301-lines.ts:301 eslint(max-lines)",
    ]);
  });
});

describe("the allow-list", () => {
  test.each([...IMPORT_MATRIX.keys()])("lets %s import what the table says and nothing else", (path) => {
    const attempts = IMPORT_MATRIX.get(path) ?? [];
    const refused = findings.filter(({ file, rule }) => file === path && rule === "boundaries(dependencies)");
    const lines = new Set(refused.map(({ line }) => line));
    const wrong = attempts.filter(({ allowed }, index) => allowed === lines.has(index + 1));
    expect(wrong).toEqual([]);
    expect(lines.size).toBeGreaterThan(0);
  });
});

function toTexts(list: readonly Finding[]): readonly string[] {
  return list.map(({ file, line, rule }) => `${file}:${line} ${rule}`).toSorted();
}

function toLines(count: number): string {
  return Array.from({ length: count }, (_, index) => `export const line${index} = ${index};\n`).join("");
}

/** A function of `lines` lines, its first and last included. */
function toFunction(lines: number): string {
  const body = Array.from({ length: lines - 2 }, (_, index) => `  list.push(${index});\n`).join("");
  return `export function fill(list: number[]): void {\n${body}}\n`;
}
