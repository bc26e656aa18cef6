// Hundreds of processes and threads are started in the course of a run, most of them with the same modules: each module is compiled once.
// For what tests start, not for the tests themselves: code from the cache is measured less exactly, so vitest switches it off for them.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../node_modules/.cache/toolyard-tests", import.meta.url));
mkdirSync(folder, { recursive: true });
process.env["NODE_COMPILE_CACHE"] = folder;
delete process.env["NODE_DISABLE_COMPILE_CACHE"];
