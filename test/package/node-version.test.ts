// `npm test` has to run on the Node of the package, whatever Node the machine brings: npm puts `node_modules/.bin` first
// on the path, and there lies the pinned one.
import semver from "semver";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

test("these tests run on a Node that the package supports", () => {
  expect(process.version).toSatisfy((version: string) => semver.satisfies(version, manifest.engines.node));
});

test("the pinned Node is one that the package supports", () => {
  expect(semver.satisfies(manifest.devDependencies.node, manifest.engines.node)).toBe(true);
});
