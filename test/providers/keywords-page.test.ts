import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/entries.ts";
import { KEYWORDS_PAGE, toKeywordsPage } from "../../scripts/provider-keywords.ts";

test("the page of keywords is the one that the rules make", async () => {
  expect(await readFile(join(ROOT, KEYWORDS_PAGE), "utf8")).toBe(toKeywordsPage());
});
