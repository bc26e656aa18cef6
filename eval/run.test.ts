import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { writeCorpus } from "./corpus/write-corpus.ts";

const RUN = fileURLToPath(new URL("run.ts", import.meta.url));

function run(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, [RUN, ...args], { encoding: "utf8" });
}

test("says on standard error what is wrong with the command, and ends with 2", () => {
  const { status, stdout, stderr } = run("--corpora", "x");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^there is no option --corpora; .*\n\nUsage: npm run eval /);
});

test("prints help on standard output, and ends with 0", () => {
  const { status, stdout, stderr } = run("--help");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Usage: npm run eval /);
});

test("prints JSON alone on standard output, the same each time, and ends as the targets say", async () => {
  await using corpus = await writeCorpus({
    "a.json": [
      {
        id: "1",
        function: [{ name: "now", description: "Tells the time.", parameters: { type: "dict", properties: {} } }],
      },
    ],
    "possible_answer/a.json": [{ id: "1", ground_truth: [{ now: {} }] }],
  });
  const first = run("--corpus", corpus.folder, "--json");
  expect(first.status).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ registered: 1, calls: { groundTruth: 1 } });
  expect(first.stderr).toContain("registering 1 definitions …");
  expect(run("--corpus", corpus.folder, "--json").stdout).toBe(first.stdout);
});
