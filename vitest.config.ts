// One run for everything: unit tests beside the code, what crosses folders under `test/`, and type tests.
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { ENTRIES, ROOT } from "./scripts/entries.ts";

const UNIT = ["src/**/*.test.ts"];
const EXCLUDED = ["**/node_modules/**", "bench/peers/**", "test/architecture/fixtures/**"];
/** They put something else in the place of a module or a timer, which others in the same process would see, or count what all share. */
const MOCKING = [
  "src/agent/{agent,approval}.test.ts",
  "src/core/settings/redeclare.test.ts",
  "src/keys/key-verifier.test.ts",
  "src/stores/file/audit-sink.test.ts",
  "src/tool/schema/validator-pool.test.ts",
  "src/stores/sql/sqlite/driver.test.ts",
];

const SLOW = /\/test\/(?:chaos|stores|postgres|model|architecture|e2e|property)\//;

/** Files that wait for disks and processes come first: one of them alone at the end would keep the machine waiting. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(SLOW.test(b.moduleId)) - Number(SLOW.test(a.moduleId)));
  }
}

export default defineConfig({
  resolve: {
    alias: ENTRIES.map(({ specifier, source }) => ({
      find: new RegExp(`^${specifier}$`),
      replacement: `${ROOT}${source}`,
    })),
  },
  test: {
    projects: [
      // Hundreds of small files share their modules: loading them anew for each would take longer than the tests.
      { extends: true, test: { name: "unit", include: UNIT, exclude: [...EXCLUDED, ...MOCKING], isolate: false } },
      {
        extends: true,
        test: {
          name: "whole",
          include: [...MOCKING, "{test,bench,eval,scripts}/**/*.test.ts"],
          exclude: EXCLUDED,
          typecheck: { enabled: true, include: ["{src,test}/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
        },
      },
    ],
    sequence: { sequencer: SlowFirst },
    setupFiles: ["test/property-seed.ts", "test/compile-cache.ts"],
    // Many tests wait for processes that are killed and started: the machine has time for another file meanwhile.
    maxWorkers: "100%",
    // Generous, because tests wait for nothing: only a busy machine comes near it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      // Tables of bundled data hold no decisions.
      exclude: ["**/*.test.ts", "**/*.test-d.ts", "src/cli/demo/tools/{climate-normals,documents}.ts"],
      reporter: ["text-summary", "html", "json-summary"],
      thresholds: { lines: 90, branches: 85 },
    },
  },
});
