// How an answer came about, beside the answer.
import { afterAll, expect, test } from "vitest";
import { createMemoryIo } from "../../test/cli/memory-io.ts";
import { createFolder } from "../../test/cli/project-folder.ts";
import { systemClock } from "../kernel/clock.ts";
import type { CliIo } from "./io.ts";
import { runCli } from "./program.ts";

const SOURCE = new URL("../index.ts", import.meta.url).href;
const folder = createFolder();
folder.write(
  "toolyard.config.mjs",
  `import { defineTool } from ${JSON.stringify(SOURCE)};
const base = { version: "1.0.0", access: { roles: ["USER"] }, description: "x" };
export default {
  tools: [
    defineTool({ ...base, name: "flaky", effect: "read", retry: { baseMs: 1 },
      handler: (_, { attempt }) => { if (attempt < 2) throw new Error("down"); return "up"; } }),
    defineTool({ ...base, name: "down", effect: "read", retry: false, fallback: { value: "spare" },
      handler() { throw new Error("down"); } }),
    defineTool({ ...base, name: "key", effect: "write", handler: (_, { idempotencyKey }) => idempotencyKey }),
  ],
};
`,
);
afterAll(() => {
  folder[Symbol.dispose]();
});

async function run(...line: readonly string[]) {
  const io = createMemoryIo({ cwd: folder.path });
  // The real clock: what is repeated waits a moment.
  await runCli(line, Object.assign(Object.create(io) as CliIo, { clock: systemClock }), "1.2.3");
  return { out: io.out, err: io.err };
}

test("call notes that a tool was run again, or that something else answered", async () => {
  expect(await run("call", "flaky")).toMatchObject({ out: "up\n", err: "note: the tool was run 2 times\n" });
  expect(await run("call", "down")).toMatchObject({
    out: "spare\n",
    err: "note: answered in the tool's place (value), because of TOOL_FAILED\n",
  });
});

test("call hands an idempotency key on", async () => {
  expect(await run("call", "key", "--idempotency-key", "k1")).toMatchObject({
    out: expect.stringMatching(/^[0-9a-f]{64}\n$/),
    err: "",
  });
});
