// A project as a careful user has it, outside the repository, that finds the package in the source instead of a build.
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENTRIES, ROOT } from "../../scripts/entries.ts";
import { USER_COMPILER_OPTIONS } from "../../scripts/quick-start.ts";
import { type Finished, run } from "../../scripts/run.ts";

export interface UserProject extends AsyncDisposable {
  /** Writes a TypeScript file and type-checks it. */
  compile(file: string, text: string, ...options: readonly string[]): Promise<Finished>;
  /** Runs a file that was written. */
  execute(file: string): Promise<Finished>;
}

/** Makes an empty one in a temporary folder. */
export async function openUserProject(): Promise<UserProject> {
  const folder = await mkdtemp(join(tmpdir(), "toolyard-user-"));
  const paths = Object.fromEntries(ENTRIES.map(({ specifier, source }) => [specifier, [join(ROOT, source)]]));
  // The source is compiled along with the user's file, which needs what the build has.
  const compilerOptions = { ...USER_COMPILER_OPTIONS, skipLibCheck: true, allowImportingTsExtensions: true, paths };
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return {
    async compile(file, text, ...options) {
      await writeFile(join(folder, file), text);
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
      return run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder, ...options]);
    },
    execute: (file) => run(process.execPath, ["--import", join(ROOT, "scripts/from-source.ts"), file], { cwd: folder }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
