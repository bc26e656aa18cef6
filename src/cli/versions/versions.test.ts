import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryIo } from "../../../test/cli/memory-io.ts";
import { defineTool, openRegistry, type ToolLife } from "../../index.ts";
import { openSqliteStores } from "../../stores/sql/sqlite/index.ts";
import { runCli } from "../program.ts";

const base = {
  name: "orders.get",
  description: "Reads an order.",
  effect: "read",
  access: { roles: ["USER"] },
} as const;
const tools = ["1.0.0", "1.1.0"].map((version) => defineTool({ ...base, version, handler: () => version }));

let dir: string;

async function open() {
  return openRegistry({ stores: await openSqliteStores({ dir }), tools, newVersions: "staged" });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "toolyard-versions-"));
  const registry = await openRegistry({ stores: await openSqliteStores({ dir }), tools: tools.slice(0, 1) });
  await registry.close();
  await (await open()).close();
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

async function run(...args: readonly string[]) {
  const io = createMemoryIo({ cwd: dir, columns: 160 });
  const code = await runCli(["versions", ...args, "--data", dir], io, "1.2.3");
  return { code, out: io.out, err: io.err };
}

async function life(): Promise<ToolLife> {
  const { out } = await run("list", "orders.get", "--json");
  const [found] = JSON.parse(out) as readonly ToolLife[];
  if (found === undefined) throw new Error(out);
  return found;
}

test("versions list shows the states of stored versions and what leads to them", async () => {
  await run("channel", "orders.get", "beta", "1.0.0");
  await run("default", "orders.get", "beta", "--tenant", "acme");
  await run("rollout", "orders.get@1.1.0", "--percent", "5", "--principals", "ann,acme/bob");
  const { code, out } = await run("list");
  expect(code).toBe(0);
  expect(out).toMatch(/orders\.get +\d+ +1\.1\.0 +staged +canary for 1\.0\.0: 5 % and 2 named/);
  expect(out).toMatch(/1\.0\.0 +active +beta/);
  expect(await run("list", "orders.gte")).toMatchObject({
    code: 2,
    err: expect.stringContaining("did you mean orders.get?") as string,
  });
});

test("versions acts on the stored catalogue, which the next process sees", async () => {
  const { code, err } = await run("activate", "orders.get@1.1.0", "--reason", "Tested.");
  expect([code, err]).toEqual([0, "Running processes see it at their next start.\n"]);
  await run(
    "deprecate",
    "orders.get@1.0.0",
    "--message",
    "Old.",
    "--sunset",
    "2027-01-31",
    "--successor",
    "orders.get@1.1.0",
  );
  const left = await life();
  expect(left.versions).toMatchObject([
    { version: "1.1.0", status: "active", change: { by: "default/cli", reason: "Tested." } },
    { version: "1.0.0", status: "deprecated", deprecation: { message: "Old.", sunsetAt: Date.UTC(2027, 0, 31) } },
  ]);
  const registry = await open();
  const outcome = await registry.execute("orders.get", {}, { principal: { id: "u1" } });
  expect(outcome.meta.version).toBe("1.1.0");
  await registry.close();
  await run("retire", "orders.get@1.1.0");
  await run("restore", "orders.get@1.0.0");
  expect((await life()).versions.map(({ status }) => status)).toEqual(["retired", "active"]);
  expect(await run("delete", "orders.get@1.1.0", "--yes")).toMatchObject({
    code: 2,
    err: expect.stringContaining("was called") as string,
  });
});

test("versions rollout, promote and rollback move everybody, and back", async () => {
  expect((await run("rollout", "orders.get@1.1.0", "--shadow", "--percent", "50")).code).toBe(0);
  expect((await run("rollout", "orders.get", "--stop")).code).toBe(0);
  expect((await run("rollout", "orders.get", "--stop", "--percent", "5")).err).toContain("--stop ends rollouts");
  expect((await run("rollout", "orders.get@1.1.0", "--percent", "500")).code).toBe(2);
  await run("rollout", "orders.get@1.1.0", "--percent", "50");
  await run("promote", "orders.get");
  expect((await life()).versions[0]).toMatchObject({ version: "1.1.0", status: "active" });
  await run("rollback", "orders.get");
  expect((await life()).versions[0]).toMatchObject({ version: "1.1.0", status: "staged" });
  expect(await run("rollback", "orders.get")).toMatchObject({
    code: 2,
    err: expect.stringContaining("neither a canary") as string,
  });
});

test("versions refuses what was decided on another revision, and what says too little", async () => {
  const { revision } = await life();
  expect((await run("retire", "orders.get@1.0.0", "--if-revision", String(revision - 1))).err).toContain(
    "look at it again",
  );
  expect((await run("retire", "orders.get@1.0.0", "--if-revision", String(revision))).code).toBe(0);
  expect((await run("channel", "orders.get", "beta")).err).toContain("expected a version, or --clear and none");
  expect((await run("delete", "orders.get@1.1.0", "--yes", "--json")).out).toBe(
    '{\n  "deleted": "orders.get@1.1.0"\n}\n',
  );
  expect((await life()).versions.map(({ version }) => version)).toEqual(["1.0.0"]);
});
