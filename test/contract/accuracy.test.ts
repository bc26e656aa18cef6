// How well the contract diff tells the classes apart, on changes that were labelled by hand. The figures are printed, and
// docs/versions.md shows them; every disagreement is in the list below with its reason, and no other is.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type ChangeClass, type ContractDiff, diffContracts } from "../../src/tool/contract/index.ts";
import { CHANGE_CLASSES } from "../../src/tool/contract/contract-change.ts";
import { FIELD_RULES } from "../../src/tool/contract/field-rules.ts";
import { publishTool } from "../../src/tool/publish.ts";
import type { ToolVersion } from "../../src/tool/tool-version.ts";
import { CORPUS, type LabelledChange } from "./corpus/index.ts";

/** What the diff says otherwise than the label: it errs towards a higher version, never towards a lower one. */
const DISAGREEMENTS: readonly string[] = [
  // What a format takes is not known here, so whether a pattern takes all of it is not either.
  "inventory.add: a pattern that every day has: breaking (major)",
  // That items are all the same is not counted.
  "inventory.add: no value twice, of one value: breaking, widening (major)",
  // Classes of Unicode are not spelled out.
  "inventory.add: letters of other languages: breaking (major)",
];

interface Judged {
  readonly label: LabelledChange;
  readonly diff: ContractDiff;
  readonly found: ReadonlySet<ChangeClass>;
  readonly bump: string;
}

let judged: readonly Judged[];

beforeAll(() => {
  judged = CORPUS.map((label) => {
    const diff = diffContracts(publish(label.before), { ...publish(label.after), ...label.raw });
    return { label, diff, found: new Set(diff.changes.map((change) => change.class)), bump: diff.bump };
  });
});

function publish(definition: LabelledChange["before"]): ToolVersion {
  const given = Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined));
  const published = publishTool({ ...given, handler: () => null } as unknown as Parameters<typeof publishTool>[0]);
  if (!published.ok) throw new Error(published.problems.map(({ path, message }) => `${path} ${message}`).join("; "));
  return published.tool.version;
}

function count(list: readonly Judged[], kind: ChangeClass): { right: number; wrong: number; missed: number } {
  const has = ({ label }: Judged): boolean => label.classes.includes(kind);
  return {
    right: list.filter((one) => has(one) && one.found.has(kind)).length,
    wrong: list.filter((one) => !has(one) && one.found.has(kind)).length,
    missed: list.filter((one) => has(one) && !one.found.has(kind)).length,
  };
}

function toRow(list: readonly Judged[], kind: ChangeClass): string {
  const { right, wrong, missed } = count(list, kind);
  const show = (part: number, all: number): string => (part / all).toFixed(3);
  return `| ${kind} | ${right + missed} | ${show(right, right + wrong)} | ${show(right, right + missed)} |`;
}

describe("the labelled corpus", () => {
  test("has at least 120 changes of different names, some of each class", () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(120);
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    for (const kind of CHANGE_CLASSES) expect(count(judged, kind).right).toBeGreaterThanOrEqual(25);
  });

  test.each(CHANGE_CLASSES)("has the class %s found with precision and recall of at least 0.95", (kind) => {
    const { right, wrong, missed } = count(judged, kind);
    expect(right / (right + wrong)).toBeGreaterThanOrEqual(0.95);
    expect(right / (right + missed)).toBeGreaterThanOrEqual(0.95);
  });

  test("is judged as labelled, but for the disagreements that are listed", () => {
    const differing = judged.filter(
      ({ label, found, bump }) =>
        bump !== label.bump || found.size !== label.classes.length || !label.classes.every((kind) => found.has(kind)),
    );
    const told = differing.map(({ label, found, bump }) => `${label.name}: ${[...found].join(", ")} (${bump})`);
    expect(told).toEqual(DISAGREEMENTS);
  });

  test("has nothing found in a field that the table of rules does not say of it", () => {
    for (const change of judged.flatMap(({ diff }) => diff.changes)) {
      const field = change.path.split("/")[1] as keyof typeof FIELD_RULES;
      expect(Object.keys(FIELD_RULES[field].classes), `${change.path}: ${change.message}`).toContain(change.class);
    }
  });

  test("has no change that is breaking, and is not said to be", () => {
    const missed = judged.filter(({ label, found }) => label.classes.includes("breaking") && !found.has("breaking"));
    expect(missed.map(({ label }) => label.name)).toEqual([]);
  });

  test("has the figures that docs/versions.md shows", () => {
    const rows = CHANGE_CLASSES.map((kind) => toRow(judged, kind));
    console.info(
      [`${CORPUS.length} labelled changes`, "| class | labelled | precision | recall |", ...rows].join("\n"),
    );
    const document = readFileSync(new URL("../../docs/versions.md", import.meta.url), "utf8");
    for (const row of rows) expect(document).toContain(row);
    expect(document).toContain(`${CORPUS.length} labelled changes`);
  });
});
