// The declarations behind the names of the main entry as one text: what users compile against, and nothing else.
// `npm run api:update` writes it to `etc/api.d.ts.txt`, a test compares, so that a change of a public type shows in
// review.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./entries.ts";
import { runOrThrow } from "./run.ts";

/** Where the committed text is, from the root of the repository. */
export const DECLARATIONS = "etc/api.d.ts.txt";

/** Emits the declarations and joins those that `src/index.ts` names, and what they name in turn, sorted by path. */
export async function emitDeclarations(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "toolyard-api-"));
  try {
    await emit(folder);
    const modules = new Map<string, Module>();
    const wanted = new Map<string, Set<string>>();
    const entry = await readModule(join(folder, "index.d.ts"), modules);
    for (const name of entry.names.keys()) await collect(entry, name, modules, wanted);
    return [...wanted]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([path, texts]) => `// ${relative(folder, path)}\n${[...texts].toSorted().join("\n")}\n`)
      .join("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function emit(folder: string): Promise<void> {
  const compilerOptions = {
    emitDeclarationOnly: true,
    removeComments: true,
    rootDir: join(ROOT, "src"),
    outDir: folder,
    typeRoots: [join(ROOT, "node_modules/@types")],
  };
  const files = [join(ROOT, "src/index.ts")];
  const project = { extends: join(ROOT, "tsconfig.build.json"), compilerOptions, include: [], files };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(project));
  await runOrThrow(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder]);
}

/** An emitted module: what each of its names stands for. */
interface Module {
  readonly path: string;
  readonly names: ReadonlyMap<string, { readonly text: string } | { readonly from: string; readonly name: string }>;
}

/** Adds the declaration of `name`, wherever it is, and of every name in it. */
async function collect(
  module: Module,
  name: string,
  modules: Map<string, Module>,
  wanted: Map<string, Set<string>>,
): Promise<void> {
  const found = module.names.get(name);
  if (found === undefined) return;
  if ("from" in found) {
    // What comes from a package is that package's promise.
    if (!found.from.startsWith(".")) return;
    const path = join(dirname(module.path), found.from.replace(/\.[jt]s$/, ".d.ts"));
    await collect(await readModule(path, modules), found.name, modules, wanted);
    return;
  }
  const texts = wanted.get(module.path) ?? new Set();
  if (texts.has(found.text)) return;
  wanted.set(module.path, texts.add(found.text));
  for (const [word] of found.text.matchAll(/[A-Za-z_$][\w$]*/g)) await collect(module, word, modules, wanted);
}

async function readModule(path: string, modules: Map<string, Module>): Promise<Module> {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const names = new Map<string, { text: string } | { from: string; name: string }>();
  // The compiler writes every statement from the first column, and everything within it indented.
  for (const statement of (await readFile(path, "utf8")).split(/\n(?![\s})]|$)/)) {
    const text = statement.trimEnd();
    const list = /^(?:import|export)(?: type)? \{([^}]*)\} from "([^"]+)"/.exec(text);
    const declared = /^(?:export )?(?:declare )?(?:abstract )?(?:const|function|class|interface|type) (\w+)/.exec(text);
    if (list !== null) {
      for (const item of (list[1] ?? "").split(",")) {
        const [name = "", alias = name] = item
          .trim()
          .replace(/^type /, "")
          .split(" as ");
        names.set(alias, { from: list[2] ?? "", name });
      }
    } else if (declared?.[1] !== undefined) {
      const before = names.get(declared[1]);
      // Overloads share a name.
      names.set(declared[1], { text: before !== undefined && "text" in before ? `${before.text}\n${text}` : text });
    }
  }
  const module = { path, names };
  modules.set(path, module);
  return module;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await writeFile(join(ROOT, DECLARATIONS), await emitDeclarations());
}
