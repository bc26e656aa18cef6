import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/entries.ts";
import { KEYWORDS_PAGE, toKeywordsPage } from "../../scripts/provider-keywords.ts";
import { SCHEMAS_PAGE, toAnchor, toSchemasPage } from "../../scripts/provider-schemas.ts";
import { MATRIX } from "./schema-matrix.ts";

const read = (page: string): Promise<string> => readFile(join(ROOT, page), "utf8");

describe("the pages about providers", () => {
  test("say of each keyword what the compiler does now", async () => {
    expect(await read(KEYWORDS_PAGE)).toBe(toKeywordsPage());
  });

  test("say of each schema what the compiler does now", async () => {
    expect(await read(SCHEMAS_PAGE)).toBe(toSchemasPage());
  });

  test("lead to each other, and to each schema", async () => {
    expect(await read(KEYWORDS_PAGE)).toContain("(schemas.md)");
    const schemas = await read(SCHEMAS_PAGE);
    expect(schemas).toContain("(keywords.md)");
    expect(new Set(MATRIX.map(({ name }) => toAnchor(name))).size).toBe(MATRIX.length);
    for (const { name } of MATRIX) expect(schemas).toContain(`\n### ${name}\n`);
  });
});
