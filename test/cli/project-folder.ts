// A folder with a configuration in it, for tests of the command line.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOURCE = new URL("../../src/index.ts", import.meta.url).href;

export interface ProjectFolder extends Disposable {
  readonly path: string;
  /** Writes a file and returns its path. */
  write(name: string, text: string): string;
}

/** Makes a folder that is gone when the test ends. */
export function createFolder(): ProjectFolder {
  const path = mkdtempSync(join(tmpdir(), "toolyard-cli-"));
  return {
    path,
    write(name, text) {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true });
    },
  };
}

/** A folder with a configuration of three tools; `more` are further keys of it, as source text. */
export function createProjectFolder(more = ""): ProjectFolder {
  const folder = createFolder();
  folder.write(
    "toolyard.config.mjs",
    `import { defineTool, ToolError } from ${JSON.stringify(SOURCE)};
const base = { version: "1.0.0", effect: "read", access: { roles: ["USER"] } };
export default {
  tools: [
    defineTool({
      ...base, name: "math.add", tags: ["numbers"], description: "Add two integers.",
      input: { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } }, required: ["a", "b"], additionalProperties: false },
      output: { type: "object", properties: { sum: { type: "integer" } }, required: ["sum"] },
      examples: [{ a: 1, b: 2 }],
      handler: ({ a, b }) => ({ sum: a + b }),
    }),
    defineTool({
      ...base, name: "text.evil", description: "Answers with an escape sequence.",
      handler: () => "\\u001b[2Jgone\\u202e",
    }),
    defineTool({
      ...base, name: "slow.count", access: { roles: ["GUEST"] }, description: "Counts with progress.",
      async *handler() { yield { type: "progress", fraction: 0.5, message: "half" }; yield { type: "partial", value: "one" }; return "done"; },
    }),
    defineTool({
      ...base, name: "admin.wipe", access: { roles: ["ADMIN"] }, effect: "destructive", description: "Refuses on purpose.",
      handler() { throw new ToolError("LOCKED", "The vault is locked.", { effect: "none" }); },
    }),
  ],
  ${more}
};
`,
  );
  return folder;
}
