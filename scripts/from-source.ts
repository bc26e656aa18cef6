// Preloaded with `node --import`: an import of the package by its name finds the source instead of the build, so that
// examples and snippets run as a user writes them, in a clone where nothing was built.
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { ENTRIES, ROOT } from "./entries.ts";

const sources = new Map(ENTRIES.map(({ specifier, source }) => [specifier, pathToFileURL(`${ROOT}${source}`).href]));

registerHooks({
  resolve(specifier, context, nextResolve) {
    const url = sources.get(specifier);
    return url === undefined ? nextResolve(specifier, context) : { url, shortCircuit: true };
  },
});
