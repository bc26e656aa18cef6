// Runs the real linter with the real configuration over a project made of fixtures: a folder outside the repository
// that is shaped like it. One run for all of them, because starting the linter costs more than linting.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export interface Finding {
  /** Path in the project, such as `src/quota/one.ts`. */
  readonly file: string;
  /** 1 for the first line. */
  readonly line: number;
  /** As the linter writes it, such as `boundaries(dependencies)`. */
  readonly rule: string;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIXTURES = join(ROOT, "test/architecture/fixtures");
const MARKER = /\/\/ refused: (.+)$/;

/** The text of every fixture file by its path in the project; `test/architecture/fixtures/<fixture>/` is left out. */
export async function readFixtures(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const entries = await readdir(FIXTURES, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const [, ...inside] = relative(FIXTURES, path).split(sep);
    const name = inside.join("/");
    if (files.has(name)) throw new Error(`two fixtures have a file ${name}`);
    files.set(name, await readFile(path, "utf8"));
  }
  return files;
}

/** The text of every source of the repository by its path, its tests left out. */
export async function readSources(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(join(ROOT, "src"), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /(?<!\.test|\.test-d)\.ts$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.map(async (path) => {
    return [relative(ROOT, path).split(sep).join("/"), await readFile(path, "utf8")] as const;
  });
  return new Map(await Promise.all(files));
}

/** What the linter must find in `files`: every line that ends in `// refused: <rule> …`. */
export function toExpectations(files: ReadonlyMap<string, string>): readonly Finding[] {
  return [...files].flatMap(([file, text]) =>
    text.split("\n").flatMap((content, index): Finding[] => {
      const rules = MARKER.exec(content)?.[1]?.split(" ") ?? [];
      return rules.map((rule) => ({ file, line: index + 1, rule }));
    }),
  );
}

/** Lints a project made of `files`, by the repository's rules. Resolves to everything that was found. */
export function lintProject(files: ReadonlyMap<string, string>): Promise<readonly Finding[]> {
  const config = JSON.stringify(join(ROOT, "oxlint.config.ts"));
  return lintWith(`export { default } from ${config};`, files);
}

/** Lints a project made of `files` by `config`, the text of a configuration of the linter. */
export async function lintWith(config: string, files: ReadonlyMap<string, string>): Promise<readonly Finding[]> {
  const project = await mkdtemp(join(tmpdir(), "toolyard-architecture-"));
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(project, path)), { recursive: true });
      await writeFile(join(project, path), text);
    }
    await symlink(join(ROOT, "node_modules"), join(project, "node_modules"));
    await writeFile(join(project, "oxlint.config.ts"), config);
    await writeFile(
      join(project, "tsconfig.json"),
      JSON.stringify({ extends: join(ROOT, "tsconfig.json"), include: ["src"] }),
    );
    return await runLinter(project);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

interface Diagnostic {
  readonly code?: string;
  readonly message: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

async function runLinter(project: string): Promise<readonly Finding[]> {
  const linter = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [linter, "--config", "oxlint.config.ts", "--format", "json", "src"],
      { cwd: project, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        // Exit code 1 says that something was found, which is what fixtures are for.
        if (error !== null && error.code !== 1) reject(new Error(`${error.message}\n${stderr}\n${stdout}`));
        else resolve(stdout);
      },
    );
  });
  const { diagnostics } = JSON.parse(output) as { readonly diagnostics: readonly Diagnostic[] };
  return diagnostics.map(({ code, message, filename, labels }) => ({
    file: filename,
    line: labels[0]?.span.line ?? 0,
    rule: code ?? message,
  }));
}
