// Preloaded into a process: notes from which npm packages it loads files, and prints their names at its end.
import { registerHooks } from "node:module";

const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const loaded = new Set<string>();

registerHooks({
  load(url, context, nextLoad) {
    const name = PACKAGE.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return nextLoad(url, context);
  },
});

process.once("exit", () => {
  process.stdout.write(JSON.stringify([...loaded].toSorted()));
});
