// The linter: what every file obeys, and what guards the architecture. Every rule of `ARCHITECTURE_RULES` has a fixture
// under `test/architecture/fixtures/` that it must refuse.
import { fileURLToPath } from "node:url";
import { defineConfig } from "oxlint";
import { FOLDERS, type Folder, OUTBOUND } from "./scripts/lint/architecture.ts";

const ambient = (name: string, instead: string): { name: string; message: string } => ({ name, message: instead });
const CLOCK = "Take a Clock from kernel/clock.ts: tests move it by hand.";
const RANDOM = "Take a Random from kernel/random.ts: tests repeat it.";
const OUTSIDE =
  "The library leaves the process and the network alone; only the command line and the server touch them.";

const TIMERS = ["setTimeout", "setInterval", "setImmediate"].map((name) => ambient(name, CLOCK));
const CONNECTIONS = OUTBOUND.globals.map((name) => ambient(name, "Go through src/net: it decides who may be asked."));
const ALLOWED = Object.values(OUTBOUND.others).flat();
const SURROUNDINGS = [...["process", "require"].map((name) => ambient(name, OUTSIDE)), ...CONNECTIONS];

/** The linter's word for a line of the table. */
function toEntity(name: string): object {
  return name.endsWith(".ts") ? { file: { categories: name } } : { element: { type: name } };
}

/** A file may import its own folder and what its line of the table says. */
function toPolicies(name: string, folder: Folder): object[] {
  const { uses = [], types = [], npm = [], npmTypes = [], node = [] } = folder;
  const from = toEntity(name);
  const asType = { kind: "type" };
  return [
    ...[name, ...uses].map((other) => ({ from, allow: { to: toEntity(other) } })),
    ...types.map((other) => ({ from, allow: { to: toEntity(other), dependency: asType } })),
    { from, allow: { to: { module: { origin: "external", source: npm } } } },
    { from, allow: { to: { module: { origin: "external", source: npmTypes } }, dependency: asType } },
    { from, allow: { to: { module: { origin: "core", source: node.map((builtin) => `node:${builtin}`) } } } },
    // The plugin takes a module that exists only with its prefix for a package.
    { from, allow: { to: { module: { origin: "external", source: node.map((builtin) => `node:${builtin}`) } } } },
  ];
}

const policies = [
  ...Object.entries(FOLDERS).flatMap(([name, folder]) => toPolicies(name, folder)),
  // What only tests need is not in the package.
  { disallow: { to: { file: { categories: "test" } } } },
];

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise", "vitest"],
  jsPlugins: ["eslint-plugin-boundaries", fileURLToPath(new URL("scripts/lint/house.ts", import.meta.url))],
  categories: { correctness: "error", suspicious: "error" },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  ignorePatterns: ["dist", "coverage", "bench/peers", "test/architecture/fixtures"],
  settings: {
    "boundaries/elements": Object.keys(FOLDERS)
      .filter((name) => !name.endsWith(".ts"))
      .map((name) => ({ type: name, pattern: `src/${name}`, partialMatch: false })),
    "boundaries/files": [
      { category: "test", pattern: "**/*.{test,test-d}.ts" },
      ...Object.keys(FOLDERS)
        .filter((name) => name.endsWith(".ts"))
        .map((name) => ({ category: name, pattern: `src/${name}` })),
    ],
    "boundaries/dependency-nodes": ["require", "import", "dynamic-import", "export"],
    "boundaries/additional-dependency-nodes": [
      { selector: "TSImportType > Literal", kind: "type", name: "import-type" },
    ],
    "boundaries/legacy-templates": false,
  },
  rules: {
    "import/no-cycle": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "house/no-export-all": "error",
    // Said no to, each for a reason:
    "import/no-named-as-default-member": "off", // fast-check is used as `fc`, its documented form
    "no-unmodified-loop-condition": "off", // does not see what a recursive closure modifies
    "promise/always-return": "off", // no-floating-promises says it with types
    "typescript/consistent-return": "off", // the compiler's noImplicitReturns, which knows exhaustive switches
    "typescript/no-unnecessary-type-arguments": "off", // type tests spell out what a default gives
    "no-new": "off", // `new RegExp(text)` asks whether a text is one
    "typescript/no-unsafe-type-assertion": "off", // what is parsed once at the edge is asserted there
    "typescript/unbound-method": "off", // what `create…` returns are closures, free of `this`
    "unicorn/consistent-function-scoping": "off", // a helper stands beside its only use
    "unicorn/no-array-reverse": "off", // a fresh array may be turned round and
    "unicorn/no-array-sort": "off", // sorted in place
    "unicorn/no-thenable": "off", // `then` is a keyword of JSON Schema
    "unicorn/no-useless-spread": "off", // a long list of words, in rows
    "unicorn/no-new-array": "off", // an array made at its size
    "vitest/no-conditional-expect": "off", // properties branch on what they generated
    "vitest/require-to-throw-message": "off", // where the engine words the message
    "vitest/valid-expect": ["error", { maxArgs: 2 }], // the second says what was tried
    "vitest/no-standalone-expect": "off", // assertions shared by several tests
    "vitest/valid-title": "off", // tests made from tables
  },
  overrides: [
    {
      files: ["src/**/*.ts"],
      rules: {
        "import/no-default-export": "error",
        "boundaries/no-unknown-files": "error",
        // Tests too: none of them sleeps or depends on the day it is run.
        "house/no-wall-clock": "error",
        "no-restricted-globals": ["error", { globals: TIMERS, checkGlobalObject: true }],
        "no-restricted-imports": ["error", { patterns: [{ group: ["node:timers", "node:timers/*"], message: CLOCK }] }],
        "no-restricted-properties": [
          "error",
          { object: "Date", property: "now", message: CLOCK },
          { object: "performance", property: "now", message: CLOCK },
          { object: "Math", property: "random", message: RANDOM },
        ],
      },
    },
    {
      files: ["src/**/*.ts"],
      excludeFiles: ["src/**/*.test.ts", "src/**/*.test-d.ts"],
      rules: {
        "boundaries/dependencies": [
          "error",
          { default: "disallow", checkAllOrigins: true, checkUnknownLocals: true, checkInternals: true, policies },
        ],
        complexity: ["error", { max: 12 }],
        "max-lines": ["error", { max: 300 }],
        "max-lines-per-function": ["error", { max: 60 }],
        "house/no-computed-import": "error",
        "no-console": "error",
        "no-restricted-globals": ["error", { globals: [...TIMERS, ...SURROUNDINGS], checkGlobalObject: true }],
      },
    },
    {
      // Asks the server that its user has named.
      files: Object.keys(OUTBOUND.others).map((folder) => `src/${folder}/**/*.ts`),
      excludeFiles: ["**/*.test.ts"],
      rules: {
        "no-restricted-globals": [
          "error",
          {
            globals: [...TIMERS, ...SURROUNDINGS.filter(({ name }) => !ALLOWED.includes(name))],
            checkGlobalObject: true,
          },
        ],
      },
    },
    {
      // Written by `npm run client:update`.
      files: ["src/client/operations.ts"],
      rules: { "max-lines": "off" },
    },
    {
      // Where time and chance come from.
      files: ["src/kernel/clock.ts", "src/kernel/random.ts"],
      rules: { "no-restricted-globals": "off", "no-restricted-properties": "off" },
    },
    {
      // The order of the stages is the security policy: one straight line, read from top to bottom.
      files: ["src/pipeline/execute.ts"],
      rules: { complexity: "off" },
    },
    {
      // A thread has no origin: the rule is about windows.
      files: ["src/stores/sql/ledger/*.ts"],
      rules: { "unicorn/require-post-message-target-origin": "off" },
    },
    {
      // An exception of a listener has nowhere else to go than the process's warnings.
      files: ["src/core/tell-listener.ts"],
      rules: { "no-restricted-globals": ["error", { globals: TIMERS, checkGlobalObject: true }] },
    },
    {
      // The edges: they have a process, and loading a project's own configuration is an import of what a user names.
      files: ["src/cli/**/*.ts", "src/server/**/*.ts"],
      excludeFiles: ["**/*.test.ts"],
      rules: {
        "no-console": "off",
        "no-restricted-globals": ["error", { globals: [...TIMERS, ...CONNECTIONS], checkGlobalObject: true }],
      },
    },
    {
      files: ["src/server/config/load-config.ts"],
      rules: { "house/no-computed-import": "off" },
    },
    {
      files: ["**/*.test.ts"],
      rules: {
        "vitest/expect-expect": ["error", { assertFunctionNames: ["expect", "expectTypeOf", "fc.assert", "assert*"] }],
      },
    },
    {
      files: ["**/*.test-d.ts"],
      rules: { "vitest/expect-expect": "off" },
    },
  ],
});
