import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryIo, type MemoryIo, type MemoryIoOptions } from "../../../test/cli/memory-io.ts";
import { createFolder, createProjectFolder, type ProjectFolder } from "../../../test/cli/project-folder.ts";
import { createKeyBytes, formatKeyText } from "../../kernel/key-bytes.ts";
import { parseKey } from "../../keys/index.ts";
import { openStateKeys } from "../../server/state/index.ts";
import { createSqlKeyStore } from "../../stores/sql/key-store.ts";
import { openSqliteDatabase } from "../../stores/sql/sqlite/open-database.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { runCli } from "../program.ts";

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
  return Object.assign(io, { code: await runCli(line, io, "1.2.3") });
}

async function json(line: readonly string[], options?: MemoryIoOptions): Promise<Record<string, unknown>> {
  return JSON.parse((await run([...line, "--json"], options)).out) as Record<string, unknown>;
}

interface Made {
  readonly key: string;
  readonly id: string;
}

async function create(...more: readonly string[]): Promise<Made> {
  return (await json(["keys", "create", "--principal", "ci", ...more])) as unknown as Made;
}

/** What a server with the same state says of a key. */
async function verify(key: string): Promise<unknown> {
  const place = { dir: join(folder.path, ".toolyard"), postgres: null, masterKey: null, pepper: null };
  const database = await openSqliteDatabase({ path: join(place.dir, "state.db"), part: "state", readOnly: true });
  const nothing = { intend: () => {}, record: () => {} };
  const options = { env: {}, clock: createManualClock(), acts: nothing, warn: () => {} };
  try {
    const keys = await openStateKeys({ keys: createSqlKeyStore(database) }, place, options);
    const answer = await keys.verify(key);
    return answer.ok ? answer.principal : answer.reason;
  } finally {
    await database.close();
  }
}

test("create prints the key alone, so that it can be piped, and what else there is to say beside it", async () => {
  const { code, out, err } = await run(["keys", "create", "--principal", "ci", "--env", "test"]);
  expect(code).toBe(0);
  const parsed = parseKey(out.trimEnd());
  expect(parsed?.env).toBe("test");
  expect(err).toBe(
    `key ${parsed?.id} of ci (tenant default), expires 2026-04-01T00:00:00.000Z. It is shown this once.\n`,
  );
  expect(await verify(out.trimEnd())).toMatchObject({ id: "ci", tenant: "default" });
});

test("create makes what it was asked for", async () => {
  const line = [
    "--tenant",
    "acme",
    "--name",
    "deploys",
    "--roles",
    "user, Guest",
    "--scopes",
    "a,b",
    "--expires",
    "never",
  ];
  const made = await create(...line);
  expect(made).toMatchObject({
    ...{ tenant: "acme", principal: "ci", name: "deploys", env: "live", roles: ["USER", "GUEST"], scopes: ["a", "b"] },
    ...{ createdAt: "2026-01-01T00:00:00.000Z", createdBy: "cli", expiresAt: null, status: "active" },
  });
  expect(await verify(made.key)).toMatchObject({
    id: "ci",
    tenant: "acme",
    roles: ["USER", "GUEST"],
    scopes: ["a", "b"],
  });
});

test("create knows the roles of the configuration, and names the nearest of one that is not there", async () => {
  using project = createProjectFolder('roles: { AUDITOR: { inherits: ["GUEST"] } },');
  const line = ["keys", "create", "--principal", "ci", "--roles"];
  expect(await json([...line, "auditor"], { cwd: project.path })).toMatchObject({ roles: ["AUDITOR"] });
  const wrong = await run([...line, "AUDITR"], { cwd: project.path });
  expect([wrong.code, wrong.out]).toEqual([2, ""]);
  expect(wrong.err).toMatch(/there is no role "AUDITR"; accepted: .*AUDITOR; did you mean AUDITOR\?/);
});

test.each([
  [["--expires", "soon"], /Expected a number with s, m, h or d/],
  [["--env", "Live"], /key\.env: received "Live", expected 1 to 16 of a to z and 0 to 9/],
  [["--roles", "USER,,GUEST"], /Expected names with commas between them/],
  [["--expires", "20000d"], /key\.lifetimeMs: received 1728000000000, expected an integer/],
])("create refuses %j", async (line, message) => {
  const { code, out, err } = await run(["keys", "create", "--principal", "ci", ...line]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(message);
});

test("create needs to be told whom the key is for", async () => {
  expect((await run(["keys", "create"])).err).toMatch(/required option '--principal <id>' not specified/);
  expect(existsSync(join(folder.path, ".toolyard"))).toBe(false);
});

test("list shows keys and how they stand, and none of the keys themselves", async () => {
  const [active, revoked] = [await create("--name", "a"), await create("--name", "b", "--expires", "1d")];
  await run(["keys", "revoke", revoked.id]);
  const { out, code } = await run(["keys", "list"]);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`${active.id} +a +default/ci +\\(the principal's\\) +never +2026-04-01`));
  expect(out).toMatch(new RegExp(`${revoked.id} +b .* revoked`));
  for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  const listed = JSON.stringify(await json(["keys", "list"]));
  for (const { key } of [active, revoked]) for (const text of [out, listed]) expect(text).not.toContain(key.slice(-30));
  expect(listed).not.toMatch(/hash/);
});

test("list gives pages, and those of one principal or tenant", async () => {
  const ids = [await create(), await create("--tenant", "acme"), await create("--name", "c")]
    .map(({ id }) => id)
    .toSorted();
  const first = await json(["keys", "list", "--limit", "2"]);
  expect(first["next"]).toBe(ids[1]);
  const second = await json(["keys", "list", "--limit", "2", "--after", ids[1] as string]);
  expect([...(first["keys"] as Made[]), ...(second["keys"] as Made[])].map(({ id }) => id)).toEqual(ids);
  expect(second["next"]).toBeNull();
  expect((await json(["keys", "list", "--tenant", "acme"]))["keys"]).toHaveLength(1);
  expect((await run(["keys", "list", "--principal", "nobody"])).out).toBe("No API keys.\n");
});

test("list changes nothing, and says where there is no state", async () => {
  const { code, err } = await run(["keys", "list"]);
  expect(code).toBe(2);
  expect(err).toMatch(/there is none yet/);
  expect(existsSync(join(folder.path, ".toolyard"))).toBe(false);
});

test("rotate gives a successor, and the old key works until the overlap is over", async () => {
  const old = await create("--name", "deploys", "--scopes", "a");
  const next = (await json(["keys", "rotate", old.id, "--overlap", "7d"])) as unknown as Made;
  expect(next).toMatchObject({ name: "deploys", scopes: ["a"], expiresAt: "2026-04-01T00:00:00.000Z" });
  for (const { key } of [old, next]) expect(await verify(key)).toMatchObject({ id: "ci" });
  expect((await json(["keys", "list"]))["keys"]).toContainEqual(
    expect.objectContaining({
      id: old.id,
      status: "rotated",
      expiresAt: "2026-01-08T00:00:00.000Z",
      replacedBy: next.id,
    }),
  );
  const last = await run(["keys", "rotate", next.key, "--overlap", "none"]);
  expect(await verify(next.key)).toBe("expired");
  expect(await verify(last.out.trimEnd())).toMatchObject({ id: "ci" });
  const again = await run(["keys", "rotate", old.id]);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining(`its successor is ${next.id}`)]);
});

test("revoke ends a key, by its id or by the whole key, and says when it was ended before", async () => {
  const [one, other] = [await create(), await create()];
  expect((await run(["keys", "revoke", one.id, "--reason", "leaked"])).out).toBe(`The API key ${one.id} is revoked.\n`);
  const whole = await run(["keys", "revoke", other.key]);
  expect(whole.out).toBe(`The API key ${other.id} is revoked.\n`);
  for (const { key } of [one, other]) expect(await verify(key)).toBe("revoked");
  expect(await run(["keys", "revoke", one.id])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/was revoked before/),
  });
});

test("a key that was mistyped is not repeated by what refuses it", async () => {
  const { key } = await create();
  const wrong = await run(["keys", "revoke", `${key}x`]);
  expect(wrong.code).toBe(2);
  expect(wrong.out + wrong.err).not.toContain(key.slice(8, 40));
  expect(wrong.err).toMatch(/there is no API key of this id/);
});

test("every change is in the audit trail, before and after, without the key", async () => {
  const made = await create();
  await run(["keys", "rotate", made.id]);
  await run(["keys", "revoke", made.id, "--reason", "leaked"]);
  const found = await run(["audit", "search", "--oldest", "--json"]);
  const { records } = JSON.parse(found.out) as { records: { body: { type: string; details: unknown } }[] };
  // The clock of these tests stands, so the chains of the three commands come in any order.
  expect(records.map(({ body }) => body.type).toSorted()).toEqual([
    ...["act.intended", "act.intended", "act.intended", "key.created", "key.revoked", "key.rotated"],
  ]);
  const revoked = records.find(({ body }) => body.type === "key.revoked");
  expect(revoked?.body.details).toMatchObject({ keyId: made.id, by: "cli", reason: "leaked" });
  expect(found.out).not.toContain(made.key.slice(-30));
});

test("a pepper that is lost or another one is refused, and nothing is changed", async () => {
  await create();
  const pepper = join(folder.path, ".toolyard/pepper.key");
  const before = readFileSync(pepper, "utf8");
  writeFileSync(pepper, formatKeyText(createKeyBytes()));
  const other = await run(["keys", "create", "--principal", "ci"]);
  expect([other.code, other.out]).toEqual([2, ""]);
  expect(other.err).toMatch(/pepper\.key is not the pepper under which the API keys of this store are hashed/);
  rmSync(pepper);
  const lost = await run(["keys", "create", "--principal", "ci"]);
  expect(lost.err).toMatch(/there is no such file, and what is stored depends on the key/);
  expect(existsSync(pepper)).toBe(false);
  writeFileSync(pepper, before, { mode: 0o600 });
  expect((await json(["keys", "list"]))["keys"]).toHaveLength(1);
  expect((await run(["keys", "create", "--principal", "ci"])).code).toBe(0);
});

test("the pepper may be one that the configuration names", async () => {
  folder.write("toolyard.config.mjs", 'export default { state: { pepper: "env:PEPPER" } };');
  const env = { PEPPER: formatKeyText(createKeyBytes()) };
  expect((await run(["keys", "create", "--principal", "ci"], { env })).code).toBe(0);
  expect(existsSync(join(folder.path, ".toolyard/pepper.key"))).toBe(false);
  const without = await run(["keys", "create", "--principal", "ci"]);
  expect([without.code, without.err]).toEqual([2, expect.stringContaining("env:PEPPER cannot be used")]);
});
