// What the client believes of the server is what the routes say.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emitOperations, OPERATIONS } from "../../scripts/client.ts";
import { ROOT } from "../../scripts/entries.ts";

test("the client's operations are those of the routes; `npm run client:update` writes them", async () => {
  expect(await readFile(join(ROOT, OPERATIONS), "utf8")).toBe(await emitOperations());
});
