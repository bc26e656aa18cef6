// One run for everything: unit tests beside the code, what crosses folders under `test/`, and type tests.
import { defineConfig } from "vitest/config";
import { ENTRIES, ROOT } from "./scripts/entries.ts";

export default defineConfig({
  resolve: {
    alias: ENTRIES.map(({ specifier, source }) => ({
      find: new RegExp(`^${specifier}$`),
      replacement: `${ROOT}${source}`,
    })),
  },
  test: {
    include: ["{src,test,bench,eval,scripts}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "bench/peers/**", "test/architecture/fixtures/**"],
    setupFiles: ["test/property-seed.ts", "test/compile-cache.ts"],
    // Many tests wait for processes that are killed and started: the machine has time for another file meanwhile.
    maxWorkers: "100%",
    // Generous, because tests wait for nothing: only a busy machine comes near it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ["{src,test}/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
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
