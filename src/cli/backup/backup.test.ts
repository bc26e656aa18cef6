import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryIo, type MemoryIo, type MemoryIoOptions } from "../../../test/cli/memory-io.ts";
import { toCallEvent } from "../../../test/cli/audit-folder.ts";
import { createFolder, type ProjectFolder } from "../../../test/cli/project-folder.ts";
import type { Stores } from "../../ports/stores.ts";
import { connectSqlite } from "../../stores/sql/sqlite/open-database.ts";
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
  line: readonly string[],
  options: MemoryIoOptions = {},
): Promise<MemoryIo & { readonly code: number; readonly data: unknown }> {
  const io = createMemoryIo({ cwd: folder.path, ...options });
  const code = await runCli(line, io, "1.2.3");
  return Object.assign(io, { code, data: line.includes("--json") ? (JSON.parse(io.out) as unknown) : null });
}

const open = (dir: string, key?: Uint8Array): Promise<Stores> =>
  openSqliteStores({ dir: join(folder.path, dir), ...(key !== undefined && { ledger: { key } }) });

/** A state with a trail, a call under way and an override, in use until it is disposed. */
async function fill(dir: string, key?: Uint8Array): Promise<Stores> {
  const stores = await open(dir, key);
  for (let index = 0; index < 5; index++) await stores.ledger.append(toCallEvent(index), "durable");
  await stores.ledger.begin(
    { ...toCallEvent(6), type: "call.intended", answeredBy: null, effect: "unknown" },
    { key: "acme\0ada\0orders.get\0k", owner: "call_6", version: "1.2.0", argumentsDigest: "d", leaseMs: 3_600_000 },
  );
  await stores.settings.set(
    { kind: "override", id: "acme", body: { capacity: 5 }, at: 1, by: "acme/ada", reason: null },
    0,
  );
  return stores;
}

test("restores what was backed up while it was in use: trail, settings, and the call that was under way", async () => {
  {
    await using stores = await fill("one");
    expect(stores.ledger.state.available).toBe(true);
    const backup = await run(["backup", "b.ty", "--data", "one", "--json"]);
    expect(backup.code, backup.err).toBe(0);
    expect(backup.data).toMatchObject({ path: join(folder.path, "b.ty"), parts: { state: 1, ledger: 2 } });
    // Its process runs on; what was restored is another state all the same.
    const restored = await run(["restore", "b.ty", "--data", "two", "--reason", "drill", "--json"]);
    expect(restored).toMatchObject({ code: 0, data: { kept: [], verified: true } });
    await stores.ledger.append(toCallEvent(7), "durable");
  }
  expect(readdirSync(join(folder.path, "two")).toSorted()).toEqual(["ledger.db", "state.db"]);
  const verified = await run(["audit", "verify", "--data", "two", "--json"]);
  expect(verified.data).toMatchObject({ ok: true });
  const found = await run(["audit", "search", "--kind", "state.restored", "--data", "two", "--json"]);
  expect(found.out).toMatch(/"reason": ?"drill"/);
  await using stores = await open("two");
  expect(await stores.settings.get("override", "acme")).toMatchObject({ body: { capacity: 5 }, by: "acme/ada" });
  expect(await stores.outcomes.list({})).toMatchObject([{ id: "call_6", tool: "orders.get" }]);
  expect(await stores.idempotency.read("acme\0ada\0orders.get\0k")).toMatchObject({ state: "abandoned" });
});

test("refuses a state that is in use or not empty, and changes nothing", async () => {
  await (await fill("one")).close();
  expect((await run(["backup", "b.ty", "--data", "one"])).code).toBe(0);
  const again = await run(["backup", "b.ty", "--data", "one"]);
  expect(again).toMatchObject({ code: 2, err: expect.stringMatching(/there is such a file already/) as string });
  const used = await fill("two");
  const refused = await run(["restore", "b.ty", "--data", "two", "--replace"]);
  expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/another process has it open/) as string });
  await used.close();
  const full = await run(["restore", "b.ty", "--data", "two"]);
  expect(full).toMatchObject({ code: 2, err: expect.stringMatching(/not empty.*--replace/) as string });
  expect(readdirSync(join(folder.path, "two")).filter((name) => name.startsWith(".restore"))).toEqual([]);
});

test("replaces a state, keeps it beside, and writes down whose trail went", async () => {
  await (await fill("one")).close();
  await run(["backup", "b.ty", "--data", "one"]);
  const two = await fill("two");
  const heads = (await two.auditReader.chains()).map(({ writer }) => writer);
  await two.close();
  const restored = await run(["restore", "b.ty", "--data", "two", "--replace"]);
  expect(restored.code, restored.err).toBe(0);
  expect(restored.out).toMatch(/what was there is in .*state\.db\.before-restore-/);
  const found = await run(["audit", "search", "--kind", "state.restored", "--data", "two", "--json"]);
  expect(found.out).toContain(heads[0]);
});

test("asks at a terminal before it replaces anything", async () => {
  await (await fill("one")).close();
  await run(["backup", "b.ty", "--data", "one"]);
  for (const [answer, code] of [
    ["n\n", 1],
    ["", 1],
    ["y\n", 0],
  ] as const) {
    const stdin = Object.assign(Readable.from(answer === "" ? [] : [answer]), { isTTY: true });
    const io = createMemoryIo({ cwd: folder.path, stdin });
    Object.assign(io.stderr, { isTTY: true });
    expect(await runCli(["restore", "b.ty", "--data", "one", "--replace"], io, "1"), io.err).toBe(code);
    expect(io.err).toMatch(/Replace the state in .*one\? \[y\/N\]/);
  }
});

test("refuses a backup whose trail was tampered with or cannot be verified, unless told otherwise", async () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7 + 1);
  await (await fill("one", key)).close();
  await run(["backup", "keyed.ty", "--data", "one"]);
  const keyless = await run(["restore", "keyed.ty", "--data", "two"]);
  expect(keyless).toMatchObject({ code: 2, err: expect.stringMatching(/set TOOLYARD_AUDIT_KEY/) as string });
  const env = { TOOLYARD_AUDIT_KEY: Buffer.from(key).toString("hex") };
  expect((await run(["restore", "keyed.ty", "--data", "two"], { env })).code).toBe(0);

  const ledger = await connectSqlite({ path: join(folder.path, "one", "ledger.db"), part: "ledger" });
  ledger.exec("update audit_records set principal = 'eve', body = replace(body, '\"ada\"', '\"eve\"') where seq = 3");
  ledger.close();
  await run(["backup", "bad.ty", "--data", "one"]);
  const bad = await run(["restore", "bad.ty", "--data", "three"], { env });
  expect(bad).toMatchObject({ code: 2, err: expect.stringMatching(/1 problem: changed in w_/) as string });
  expect(readdirSync(join(folder.path, "three"))).toEqual([]);
  const all = await run(["restore", "bad.ty", "--data", "three", "--unverified", "--json"], { env });
  expect(all).toMatchObject({ code: 0, data: { verified: false } });
});
