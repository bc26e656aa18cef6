import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CONFIG_KEYS } from "./config-keys.ts";
import { toConfigTables } from "./config-tables.ts";
import { VARIABLES } from "./environment.ts";
import { CONFIG_FILES } from "./find-config.ts";
import { toMeta } from "../problems/index.ts";

const document = readFileSync(new URL("../../../docs/reference/config.md", import.meta.url), "utf8");
const sections = new Map(
  document.split(/^#{2,3} /m).map((section): [string, readonly string[]] => {
    const [title = "", ...lines] = section.split("\n");
    return [title, lines.filter((line) => line.startsWith("| `"))];
  }),
);

test("docs/reference/config.md has a row for every key and no other, word for word", () => {
  const tables = toConfigTables();
  for (const { section, rows } of tables)
    expect(sections.get(section === null ? "Keys" : `\`${section}\``), section ?? "Keys").toEqual(rows);
  const documented = [...sections.values()].flat();
  expect(documented).toHaveLength(tables.flatMap(({ rows }) => rows).length);
});

test("every key says what it is for", () => {
  for (const { path, schema } of CONFIG_KEYS) expect(toMeta(schema, "description"), path).toMatch(/^\S.*\.$/);
});

test("the document names the files, and variables that there are", () => {
  for (const file of CONFIG_FILES) expect(document).toContain(`.${file.split(".").at(-1)}\``);
  const named = [...document.matchAll(/`(TOOLYARD_[A-Z_]+)[=`]/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(4);
  const known = new Set([...VARIABLES.keys(), "TOOLYARD_DATA_DIR", "TOOLYARD_AUDIT_KEY"]);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});
