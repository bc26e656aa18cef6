import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { publishTool } from "../publish.ts";
import { CHANGE_CLASSES } from "./contract-change.ts";
import { FIELD_RULES } from "./field-rules.ts";

const document = readFileSync(new URL("../../../docs/versions.md", import.meta.url), "utf8");

test("docs/versions.md says of every field what falls into each class, and of no other", () => {
  const rows = Object.entries(FIELD_RULES).map(([field, { classes }]) => {
    const cells = CHANGE_CLASSES.map((kind) => classes[kind] ?? "–");
    return `| \`${field}\` | ${cells.join(" | ")} |`;
  });
  const shown = document
    .split("\n")
    .filter((line) => /^\| `[A-Za-z]+` \|/.test(line) && line.split(" | ").length === 5);
  expect(shown).toEqual(rows);
});

test("every field that is published has a rule, and every rule a field", () => {
  const published = publishTool({
    name: "a.b",
    version: "1.0.0",
    description: "d",
    source: { kind: "http", data: {} },
    handler: () => null,
  });
  const fields = published.ok ? Object.keys(published.tool.version) : [];
  expect(fields.toSorted()).toEqual(Object.keys(FIELD_RULES).toSorted());
});
