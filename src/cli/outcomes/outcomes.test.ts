import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryIo } from "../../../test/cli/memory-io.ts";
import { createFolder, type ProjectFolder } from "../../../test/cli/project-folder.ts";
import { defineTool, openRegistry, type Registry } from "../../index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { openSqliteStores } from "../../stores/sql/sqlite/index.ts";
import { runCli } from "../program.ts";

let folder: ProjectFolder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

async function run(
  ...line: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const io = createMemoryIo({ cwd: folder.path });
  const code = await runCli([...line, "--data", "state"], Object.assign(io, { clock: systemClock }), "1.2.3");
  return { code, out: io.out, err: io.err };
}

let entered = 0;
const refund = defineTool({
  name: "orders.refund",
  version: "1.0.0",
  description: "Pays an order back.",
  effect: "write",
  access: { roles: ["USER"] },
  output: {
    type: "object",
    properties: { refund: { type: "integer" } },
    required: ["refund"],
    additionalProperties: false,
  },
  handler() {
    entered++;
    throw new Error("the connection broke after the request was sent");
  },
});

const principal = { id: "ada", tenant: "acme", roles: ["USER"] };
const openShop = async (): Promise<Registry<never>> =>
  openRegistry<never>({ stores: await openSqliteStores({ dir: join(folder.path, "state") }), tools: [refund] });

/** A call whose effect nobody knows; its id. */
async function lose(idempotencyKey: string): Promise<string> {
  const registry = await openShop();
  const outcome = await registry.execute("orders.refund", {}, { principal, idempotencyKey });
  await registry.close();
  expect(outcome).toMatchObject({ ok: false });
  const [listed] = JSON.parse((await run("outcomes", "list", "--json")).out).outcomes as readonly {
    readonly id: string;
  }[];
  return listed?.id ?? "";
}

async function repeat(idempotencyKey: string): Promise<unknown> {
  const registry = await openShop();
  const outcome = await registry.execute("orders.refund", {}, { principal, idempotencyKey });
  await registry.close();
  return outcome.ok ? outcome.output : outcome.error.code;
}

test("lists what nobody knows of, and lets an operator say that it happened, and with which output", async () => {
  const id = await lose("k1");
  const listed = await run("outcomes", "list", "--tool", "orders.refund", "--tenant", "acme");
  expect(listed.out.split("\n")[0]).toBe(id);
  expect(listed.out).toMatch(/orders\.refund@1\.0\.0 for acme\/ada, TOOL_FAILED, key k1/);
  expect((await run("outcomes", "list", "--tenant", "other")).out).toBe("None of the 1 that are listed.\n");
  expect(await repeat("k1")).toBe("TOOL_FAILED");
  const before = entered;
  // There is no configuration here, and so no code of the tool.
  const resolved = await run(
    "outcomes",
    "resolve",
    id,
    "--effect",
    "applied",
    "--reason",
    "refund 811",
    "--output",
    '{"refund":811}',
  );
  expect(resolved, resolved.err).toMatchObject({ code: 0, err: "" });
  expect(await repeat("k1")).toEqual({ refund: 811 });
  expect(entered).toBe(before);
  expect((await run("outcomes", "list")).out).toBe("The effect of every call is known.\n");
  const trail = await run("audit", "search", "--kind", "outcome.resolved", "--json");
  expect(trail.out).toContain("refund 811");
});

test("an output that does not fit is not answered with", async () => {
  const id = await lose("k2");
  await run("outcomes", "resolve", id, "--effect", "applied", "--reason", "seen", "--output", '{"refund":"much"}');
  expect(await repeat("k2")).toBe("OUTPUT_LOST");
});

test("what did not happen may be tried again", async () => {
  const id = await lose("k3");
  const before = entered;
  expect(
    await run("outcomes", "resolve", id, "--effect", "none", "--reason", "not in the ledger of the bank", "--json"),
  ).toEqual({
    code: 0,
    out: expect.stringContaining('"effect": "none"') as string,
    err: "",
  });
  await repeat("k3");
  expect(entered).toBe(before + 1);
});

test("says what is missing or wrong", async () => {
  const id = await lose("k4");
  expect((await run("outcomes", "resolve", id, "--effect", "none")).err).toMatch(
    /required option '--reason <text>' not specified/,
  );
  expect((await run("outcomes", "resolve", id, "--effect", "maybe", "--reason", "r")).err).toMatch(
    /Allowed choices are applied, none/,
  );
  expect((await run("outcomes", "resolve", "call_x", "--effect", "none", "--reason", "r")).err).toMatch(
    /no unknown outcome has the id "call_x"/,
  );
  expect((await run("outcomes", "resolve", id, "--effect", "none", "--reason", "r", "--output", "1")).err).toMatch(
    /nothing happened/,
  );
  expect((await run("outcomes", "resolve", id, "--effect", "applied", "--reason", "r", "--output", "{")).err).toMatch(
    /expected JSON text/,
  );
  expect((await run("outcomes", "list", "--limit", "0")).err).toMatch(/Expected an integer from 1 to 1000/);
});
