// Emits `dist/`: what is published. Plain `tsc`, no bundler; the command line is made executable.
import { chmod, readFile, rm } from "node:fs/promises";
import manifest from "../package.json" with { type: "json" };
import { ROOT } from "./entries.ts";
import { runOrThrow } from "./run.ts";

// What an earlier build left behind would be published with the rest.
await rm(`${ROOT}dist`, { recursive: true, force: true });
await runOrThrow(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { cwd: ROOT });

for (const program of Object.values(manifest.bin)) {
  const path = `${ROOT}${program}`;
  const text = await readFile(path, "utf8");
  if (!text.startsWith("#!/usr/bin/env node\n")) throw new Error(`${program} has to begin with "#!/usr/bin/env node"`);
  await chmod(path, 0o755);
}
