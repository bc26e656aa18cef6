import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { toRestPage } from "../../scripts/rest-page.ts";
import { ROUTES } from "../../src/server/rest/index.ts";

const page = await readFile(new URL("../../docs/reference/rest.md", import.meta.url), "utf8");

test("docs/reference/rest.md is what the routes say (npm run rest:update)", () => {
  expect(page).toBe(toRestPage());
});

test("docs/reference/rest.md has every route", () => {
  for (const { method, path, id } of ROUTES) expect(page).toContain(`### ${method} ${path}\n\n\`${id}\``);
});
