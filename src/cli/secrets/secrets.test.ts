import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryIo, type MemoryIo, type MemoryIoOptions } from "../../../test/cli/memory-io.ts";
import { createFolder, type ProjectFolder } from "../../../test/cli/project-folder.ts";
import { createKeyBytes, formatKeyText } from "../../kernel/key-bytes.ts";
import { openStateSecrets } from "../../server/state/index.ts";
import { createSqlSecretStore } from "../../stores/sql/secret-store.ts";
import { openSqliteDatabase } from "../../stores/sql/sqlite/open-database.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { runCli } from "../program.ts";

const CANARY = "canary-91c2d7";

let folder: ProjectFolder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

type Ended = MemoryIo & { readonly code: number };

async function run(line: readonly string[], options: MemoryIoOptions = {}): Promise<Ended> {
  const io = createMemoryIo({ cwd: folder.path, ...options });
  const ended = Object.assign(io, { code: await runCli(line, io, "1.2.3") });
  expect(ended.out + ended.err).not.toContain(CANARY);
  return ended;
}

const set = (name: string, stdin: string): Promise<Ended> => run(["secrets", "set", name], { stdin });

/** What a tool of a server with the same state gets. */
async function resolve(reference: string): Promise<string> {
  const place = { dir: join(folder.path, ".toolyard"), postgres: null, masterKey: null, pepper: null };
  const database = await openSqliteDatabase({ path: join(place.dir, "state.db"), part: "state", readOnly: true });
  const nothing = { intend: () => {}, record: () => {} };
  const options = { env: {}, clock: createManualClock(), acts: nothing, warn: () => {} };
  try {
    const { secrets } = await openStateSecrets({ secrets: createSqlSecretStore(database) }, place, options);
    return (await secrets.resolve(reference)).reveal();
  } finally {
    await database.close();
  }
}

test("set takes a value from the standard input, without the line break at its end", async () => {
  expect(await set("crm/token", `${CANARY}\n`)).toMatchObject({
    code: 0,
    out: "vault:crm/token is kept, revision 1.\n",
  });
  expect(await resolve("vault:crm/token")).toBe(CANARY);
  expect((await set("crm/token", `${CANARY}\n\n`)).out).toMatch(/revision 2/);
  expect(await resolve("vault:crm/token")).toBe(`${CANARY}\n`);
});

test("set takes a value from a variable or a file", async () => {
  await run(["secrets", "set", "a", "--from-env", "CRM_TOKEN"], { env: { CRM_TOKEN: CANARY } });
  expect(await resolve("vault:a")).toBe(CANARY);
  const file = folder.write("token.txt", `${CANARY}-2\r\n`);
  const fromFile = await run(["secrets", "set", "b", "--from-file", "token.txt"]);
  expect(fromFile.err).toContain(`warning: everybody on this machine may read the secret file:${file}`);
  expect(await resolve("vault:b")).toBe(`${CANARY}-2`);
});

test("set takes no value from an argument, nor from a person at a terminal", async () => {
  const argument = await run(["secrets", "set", "crm", CANARY]);
  expect(argument.code).toBe(2);
  expect(argument.err).toMatch(/too many arguments/);
  const terminal = await run(["secrets", "set", "crm"], { stdin: Object.assign(Readable.from([]), { isTTY: true }) });
  expect([terminal.code, terminal.err]).toEqual([2, expect.stringMatching(/that is a terminal; pipe it in/)]);
});

test.each([
  ["a b", CANARY, /secret\.name: expected 1 to 128 letters/],
  ["crm", "", /secret\.value: it is empty/],
  ["crm", CANARY.repeat(6_000), /the standard input has more than 65,536 bytes/],
])("set refuses %j and says why, without the value", async (name, stdin, message) => {
  const { code, err } = await set(name, stdin);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

test("set refuses what is no text, and two sources at once", async () => {
  const binary = await run(["secrets", "set", "crm"], { stdin: Readable.from([Buffer.from([0xff, 0x00])]) });
  expect(binary.err).toMatch(/no text in UTF-8/);
  expect((await run(["secrets", "set", "crm", "--from-env", "A", "--from-file", "b"])).err).toMatch(
    /expected one of them/,
  );
  expect((await run(["secrets", "set", "crm", "--from-env", "CRM"])).err).toMatch(
    /env:CRM cannot be used: the variable is not set/,
  );
});

test("list shows names and who changed them, never values", async () => {
  await set("b", CANARY);
  await run(["secrets", "set", "a", "--reason", "new account"], { stdin: CANARY });
  const { out } = await run(["secrets", "list"]);
  expect(out).toMatch(/vault:a +1 +2026-01-01T00:00 +cli +new account\nvault:b +1 /);
  const listed = JSON.parse((await run(["secrets", "list", "--json", "--limit", "1"])).out) as unknown;
  expect(listed).toEqual({
    secrets: [
      {
        ...{ name: "a", reference: "vault:a", revision: 1, changedAt: "2026-01-01T00:00:00.000Z" },
        ...{ by: "cli", reason: "new account" },
      },
    ],
    next: "a",
  });
});

test("remove forgets a secret, and exits with 1 when there is none", async () => {
  await set("crm", CANARY);
  expect(await run(["secrets", "remove", "crm"])).toMatchObject({ code: 0, out: "vault:crm is removed.\n" });
  expect(await run(["secrets", "remove", "crm"])).toMatchObject({ code: 1, out: "There is no secret vault:crm.\n" });
  await expect(resolve("vault:crm")).rejects.toThrow(/there is none of this name/);
});

test("rotate-key puts a new key into the file and encrypts every secret anew", async () => {
  await set("a", CANARY);
  await set("b", CANARY);
  const file = join(folder.path, ".toolyard/master.key");
  const before = readFileSync(file, "utf8");
  expect(await run(["secrets", "rotate-key"])).toMatchObject({ code: 0, out: "2 secrets are encrypted anew.\n" });
  expect(readFileSync(file, "utf8")).not.toBe(before);
  expect(readdirSync(join(folder.path, ".toolyard")).filter((name) => name.startsWith("master"))).toEqual([
    "master.key",
  ]);
  expect(await resolve("vault:a")).toBe(CANARY);
  writeFileSync(file, before);
  const old = await set("a", CANARY);
  expect([old.code, old.err]).toEqual([2, expect.stringMatching(/is not the master key .*nothing was changed/)]);
});

test("a rotation that a crash cut off after the database is ended by the next command", async () => {
  await set("a", CANARY);
  const file = join(folder.path, ".toolyard/master.key");
  const before = readFileSync(file, "utf8");
  await run(["secrets", "rotate-key"]);
  // As it was between the two: the database has the new key, the file its old one.
  renameSync(file, `${file}.next`);
  writeFileSync(file, before, { mode: 0o600 });
  expect(await set("b", CANARY)).toMatchObject({ code: 0 });
  expect(existsSync(`${file}.next`)).toBe(false);
  expect(await resolve("vault:a")).toBe(CANARY);
});

test("a rotation that a crash cut off before the database goes on with the key it had made", async () => {
  await set("a", CANARY);
  const file = join(folder.path, ".toolyard/master.key");
  writeFileSync(`${file}.next`, formatKeyText(createKeyBytes()), { mode: 0o600 });
  const staged = readFileSync(`${file}.next`, "utf8");
  expect(await resolve("vault:a")).toBe(CANARY);
  await run(["secrets", "rotate-key"]);
  expect(readFileSync(file, "utf8")).toBe(staged);
  expect(await resolve("vault:a")).toBe(CANARY);
});

test("rotate-key goes to a key that is named by a reference, and the configuration has to name it then", async () => {
  const env = { OLD: formatKeyText(createKeyBytes()), NEW: formatKeyText(createKeyBytes()) };
  const configure = (name: string): string =>
    folder.write("toolyard.config.mjs", `export default { state: { masterKey: "env:${name}" } };`);
  // Configurations are modules, which are loaded once for each path.
  configure("OLD");
  await run(["secrets", "set", "a"], { env, stdin: CANARY });
  const without = await run(["secrets", "rotate-key"], { env });
  expect(without.err).toMatch(/name the new one with --new-key/);
  const done = await run(["secrets", "rotate-key", "--new-key", "env:NEW"], { env });
  expect(done).toMatchObject({ code: 0, err: expect.stringContaining('state: { masterKey: "env:NEW" }') as string });
  const stale = await run(["secrets", "set", "a"], { env, stdin: CANARY });
  expect(stale.err).toMatch(/env:OLD is not the master key/);
  const config = folder.write("next.config.mjs", 'export default { state: { masterKey: "env:NEW" } };');
  expect((await run(["secrets", "set", "a", "--config", config], { env, stdin: CANARY })).out).toMatch(/revision 2/);
  expect(existsSync(join(folder.path, ".toolyard/master.key"))).toBe(false);
});

test("every change is in the audit trail, without the value", async () => {
  await set("crm", CANARY);
  await run(["secrets", "rotate-key", "--reason", "yearly"]);
  await run(["secrets", "remove", "crm"]);
  const { out } = await run(["audit", "search", "--oldest", "--json"]);
  const { records } = JSON.parse(out) as { records: { body: { type: string } }[] };
  const acts = records.map(({ body }) => body.type).filter((type) => type !== "act.intended");
  expect(acts.toSorted()).toEqual(["secret.changed", "secret.removed", "secrets.rewrapped"]);
});
