// What a user gets: packs the package, looks into it, installs it into an empty project and runs the README's quick
// start there. Needs the package registry.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { ENTRIES, type Entry, ROOT } from "./entries.ts";
import { readQuickStart, USER_COMPILER_OPTIONS } from "./quick-start.ts";
import { runOrThrow } from "./run.ts";

const EXPECTED = ["CHANGELOG.md", "LICENSE", "NOTICE", "README.md", "package.json", ...Object.values(manifest.bin)];
const FRAMEWORKS: ReadonlySet<string> = new Set(["toolyard/ai-sdk", "toolyard/langchain"]);
const ACCEPTED = /^(?:[A-Z]+(?:\.md)?|package\.json|dist\/.*(?:\.js|\.d\.ts|\.json|\.md))$/;

const folder = await mkdtemp(join(tmpdir(), "toolyard-package-"));
try {
  const tarball = await pack();
  await step("publint", () => inRepository("node_modules/publint/src/cli.js", ["run", tarball, "--strict"]));
  await step("attw", () =>
    inRepository("node_modules/@arethetypeswrong/cli/dist/index.js", [tarball, "--profile", "esm-only"]),
  );
  await step("npm install", () => install(tarball));
  await step("every entry can be imported without an optional peer but its own", importEntries);
  await step("the command line runs", () =>
    runOrThrow(join(folder, "node_modules/.bin/toolyard"), ["--help"], { cwd: folder }),
  );
  await step("the quick start type-checks", typeCheck);
  await step("the quick start runs", () => runOrThrow(process.execPath, ["quick-start.ts"], { cwd: folder }));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  await work();
  console.log(`✓ ${name}`);
}

/** Packs (and so builds) the package. Resolves to the path of the tarball. */
async function pack(): Promise<string> {
  const output = await runOrThrow("npm", ["pack", "--json", "--pack-destination", folder], { cwd: ROOT });
  const [packed] = JSON.parse(output.slice(output.indexOf("["))) as [{ filename: string; files: { path: string }[] }];
  const paths = packed.files.map(({ path }) => path);
  const missing = EXPECTED.map((path) => path.replace(/^\.\//, "")).filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new Error(`not in the package: ${missing.join(", ")}`);
  const surplus = paths.filter((path) => !ACCEPTED.test(path) || /\.test(?:-d)?\./.test(path));
  if (surplus.length > 0) throw new Error(`does not belong into the package: ${surplus.join(", ")}`);
  console.log(`✓ npm pack (${paths.length} files)`);
  return join(folder, packed.filename);
}

function inRepository(program: string, parameters: readonly string[]): Promise<string> {
  return runOrThrow(process.execPath, [join(ROOT, program), ...parameters], { cwd: ROOT });
}

/** An empty project with the package and what its quick start and its types need. */
async function install(tarball: string): Promise<void> {
  // The peers of entries whose own peer is more than types to them, or whose types are made of its.
  const needed = ["@types/node", "@opentelemetry/api", "@langchain/core", "ai", "pg", "@types/pg"] as const;
  const wanted = [tarball, ...needed.map((name) => `${name}@${manifest.devDependencies[name]}`)];
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...wanted], { cwd: folder });
}

async function importEntries(): Promise<void> {
  for (const { specifier } of ENTRIES) {
    await runOrThrow(process.execPath, ["--input-type=module", "--eval", `await import("${specifier}")`], {
      cwd: folder,
    });
  }
}

/** Everything with the declarations of libraries; entries made of a framework's types without, because its own do not hold. */
async function typeCheck(): Promise<void> {
  const isFramework = ({ specifier }: Entry): boolean => FRAMEWORKS.has(specifier);
  await writeFile(join(folder, "quick-start.ts"), await readQuickStart());
  await checkTypes(
    "own",
    ENTRIES.filter((entry) => !isFramework(entry)),
    ["quick-start.ts"],
    {},
  );
  await checkTypes("frameworks", ENTRIES.filter(isFramework), [], { skipLibCheck: true });
}

async function checkTypes(
  name: string,
  entries: readonly Entry[],
  files: readonly string[],
  more: object,
): Promise<void> {
  const imports = entries.map(({ specifier }, index) => `export * as entry${index} from "${specifier}";`);
  await writeFile(join(folder, `${name}.ts`), imports.join("\n"));
  const config = { compilerOptions: { ...USER_COMPILER_OPTIONS, ...more }, files: [`${name}.ts`, ...files] };
  await writeFile(join(folder, `tsconfig.${name}.json`), JSON.stringify(config));
  await inRepository("node_modules/typescript/bin/tsc", ["-p", join(folder, `tsconfig.${name}.json`)]);
}
