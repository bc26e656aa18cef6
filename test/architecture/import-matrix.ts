// Every import that a file of a folder could try: each folder and each npm package, as value and as type, and each
// built-in module of Node. What the table of the architecture says about each is worked out here a second time.
import { builtinModules } from "node:module";
import { dirname, relative } from "node:path/posix";
import manifest from "../../package.json" with { type: "json" };
import { FOLDERS, type Folder } from "../../scripts/lint/architecture.ts";

export interface Attempt {
  readonly statement: string;
  readonly allowed: boolean;
}

const FOLDER_NAMES = Object.keys(FOLDERS);
const PACKAGES = new Set(
  [manifest.dependencies, manifest.peerDependencies, manifest.devDependencies].flatMap(Object.keys),
);
const BUILTINS = builtinModules
  .map((name) => name.replace(/^node:/, ""))
  // Private ones, and those with a path of their own below another.
  .filter((name) => !name.startsWith("_"));

/** The attempts by the path of a file that makes them, one a line. */
export const IMPORT_MATRIX: ReadonlyMap<string, readonly Attempt[]> = new Map(
  Object.entries(FOLDERS).map(([name, folder]) => [toFile(name, "matrix.ts"), toAttempts(name, folder)]),
);

/** The path of a file in a folder of the table; of the file itself where the table has a file. */
function toFile(name: string, file: string): string {
  return name.endsWith(".ts") ? `src/${name}` : `src/${name}/${file}`;
}

function toAttempts(name: string, folder: Folder): readonly Attempt[] {
  const { uses = [], types = [], npm = [], npmTypes = [], node = [] } = folder;
  const here = dirname(toFile(name, "matrix.ts"));
  return [
    ...FOLDER_NAMES.flatMap((to) => {
      const path = relative(here, toFile(to, "target.ts"));
      const asValue = to === name || uses.includes(to);
      return toBoth(path.startsWith(".") ? path : `./${path}`, asValue, asValue || types.includes(to));
    }),
    ...[...PACKAGES].flatMap((to) => toBoth(to, npm.includes(to), npm.includes(to) || npmTypes.includes(to))),
    ...BUILTINS.map((to) => ({ statement: `import "node:${to}";`, allowed: node.includes(to.replace(/\/.*/, "")) })),
  ];
}

function toBoth(source: string, asValue: boolean, asType: boolean): readonly Attempt[] {
  return [
    { statement: `import "${source}";`, allowed: asValue },
    { statement: `import type {} from "${source}";`, allowed: asType },
  ];
}
