// The declarations users compile against, as text: a change of a public type shows in review as a change of
// `etc/api.d.ts.txt`, which `npm run api:update` writes.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { DECLARATIONS, emitDeclarations } from "../../scripts/declarations.ts";
import { ROOT } from "../../scripts/entries.ts";

test("the declarations of the main entry are the committed ones", async () => {
  const committed = await readFile(`${ROOT}${DECLARATIONS}`, "utf8");
  const emitted = await emitDeclarations();
  expect(emitted).toContain("export declare function createRegistry<");
  expect(emitted, "changed on purpose? npm run api:update").toBe(committed);
});
