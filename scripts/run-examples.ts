// Runs every `examples/<story>/*.ts` from the source, in order, and fails when one of them does. Examples assert what
// they show and end with a code other than 0 when it is not so.
import { glob } from "node:fs/promises";
import { ROOT } from "./entries.ts";
import { run } from "./run.ts";

const examples = (await Array.fromAsync(glob("examples/*/*.ts", { cwd: ROOT }))).toSorted();
if (examples.length === 0) throw new Error("there are no examples");

const failed: string[] = [];
for (const example of examples) {
  console.log(`▶ ${example}`);
  const { code } = await run(process.execPath, ["--import", "./scripts/from-source.ts", example], {
    cwd: ROOT,
    show: true,
  });
  if (code !== 0) failed.push(`${example} ended with ${code}`);
}
console.log(`${examples.length - failed.length} of ${examples.length} examples did what they show`);
if (failed.length > 0) {
  console.error(failed.join("\n"));
  process.exitCode = 1;
}
