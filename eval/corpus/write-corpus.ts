// A corpus of a test in a folder of its own, gone when the test is over.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The files by their path in the folder: their lines as data, or their text. */
export async function writeCorpus(
  files: Readonly<Record<string, readonly unknown[] | string>>,
): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "corpus-"));
  for (const [path, lines] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, typeof lines === "string" ? lines : lines.map((line) => JSON.stringify(line)).join("\n"));
  }
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
