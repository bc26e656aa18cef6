// Every dependency has its reason written down, and no reason outlives its dependency.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

test("docs/decisions/dependencies.md has a line for every dependency in package.json and for no other", async () => {
  const text = await readFile(new URL("../../docs/decisions/dependencies.md", import.meta.url), "utf8");
  const documented = [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = ""]) => cell.match(/[^`, ]+/g) ?? []);
  const declared = [manifest.dependencies, manifest.peerDependencies, manifest.devDependencies].flatMap(Object.keys);
  expect(documented.toSorted()).toEqual([...new Set(declared)].toSorted());
});
