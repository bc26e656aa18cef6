// One way out of the process: outside `src/net` nothing opens a connection by itself. Imports are a matter of the table
// of the architecture; what is there without an import is looked for here, at the edges too, where `npm run lint` allows
// what belongs to a process.
import { describe, expect, test } from "vitest";
import { FOLDERS, OUTBOUND } from "../../scripts/lint/architecture.ts";
import { lintWith, readSources } from "./lint-fixtures.ts";

const GLOBALS = OUTBOUND.globals.map((name) => ({ name, message: "Go through src/net." }));
const OTHERS = Object.entries(OUTBOUND.others);
const CONFIG = `export default ${JSON.stringify({
  categories: { correctness: "off" },
  overrides: [
    {
      files: ["src/**/*.ts"],
      excludeFiles: [`src/${OUTBOUND.folder}/**`],
      rules: { "no-restricted-globals": ["error", { globals: GLOBALS, checkGlobalObject: true }] },
    },
    ...OTHERS.map(([folder, globals]) => ({
      files: [`src/${folder}/**/*.ts`],
      rules: {
        "no-restricted-globals": [
          "error",
          { globals: GLOBALS.filter(({ name }) => !globals.includes(name)), checkGlobalObject: true },
        ],
      },
    })),
  ],
})};`;

describe("what opens connections", () => {
  test("is in the table of the architecture for src/net alone", () => {
    const others = Object.entries(FOLDERS).filter(([name]) => name !== OUTBOUND.folder);
    const ways = others.flatMap(([name, { npm = [], npmTypes = [], node = [] }]) => [
      ...[...npm, ...npmTypes].filter((used) => OUTBOUND.npm.includes(used)).map((used) => `${name}: ${used}`),
      ...node.filter((used) => OUTBOUND.node.includes(used)).map((used) => `${name}: node:${used}`),
    ]);
    expect(ways).toEqual([]);
    expect(FOLDERS[OUTBOUND.folder]?.npm).toContain("undici");
  });

  test("is found in a folder where lint allows what belongs to a process", async () => {
    const uses = [
      "export const load = (url: string): Promise<Response> => fetch(url);",
      "export const open = (url: string): WebSocket => new globalThis.WebSocket(url);",
      "export const find = (fetch: () => number): number => fetch();",
    ].join("\n");
    const files = ["cli/loads.ts", "server/state/loads.ts", "net/loads.ts"].map(
      (path) => [`src/${path}`, uses] as const,
    );
    const findings = await lintWith(CONFIG, new Map(files));
    const found = findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`).toSorted();
    expect(found).toEqual([
      "src/cli/loads.ts:1 eslint(no-restricted-globals)",
      "src/cli/loads.ts:2 eslint(no-restricted-globals)",
      "src/server/state/loads.ts:1 eslint(no-restricted-globals)",
      "src/server/state/loads.ts:2 eslint(no-restricted-globals)",
    ]);
  });

  test("is one word for the client, which asks the server its user has named", async () => {
    expect(OUTBOUND.others).toEqual({ client: ["fetch"] });
    const uses = [
      "export const load = (url: string): Promise<Response> => fetch(url);",
      "export const open = (url: string): WebSocket => new WebSocket(url);",
    ].join("\n");
    const findings = await lintWith(CONFIG, new Map([["src/client/loads.ts", uses]]));
    expect(findings.map(({ file, line }) => `${file}:${line}`)).toEqual(["src/client/loads.ts:2"]);
  });

  test("is used by no source outside src/net", async () => {
    const sources = await readSources();
    expect(sources.has("src/net/egress.ts")).toBe(true);
    expect(await lintWith(CONFIG, sources)).toEqual([]);
  });
});
