import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryIo, type MemoryIo } from "../../../test/cli/memory-io.ts";
import { createProjectFolder, type ProjectFolder } from "../../../test/cli/project-folder.ts";
import { systemClock } from "../../kernel/clock.ts";
import { openSqliteStores } from "../../stores/sql/sqlite/index.ts";
import { runCli } from "../program.ts";

let folder: ProjectFolder;
beforeEach(() => {
  folder = createProjectFolder("roles: { SUPPORT: { inherits: ['USER'] } },");
});
afterEach(() => {
  folder[Symbol.dispose]();
});

async function run(...line: readonly string[]): Promise<MemoryIo & { readonly code: number; readonly data: unknown }> {
  const io = createMemoryIo({ cwd: folder.path });
  // What is stored is written by a thread, which no manual clock moves.
  const code = await runCli(line, Object.assign(io, { clock: systemClock }), "1.2.3");
  const data = line.includes("--json") && io.out !== "" ? (JSON.parse(io.out) as unknown) : null;
  return Object.defineProperties(io, { code: { value: code }, data: { value: data } }) as ReturnType<
    typeof run
  > extends Promise<infer T>
    ? T
    : never;
}

const read = (name: string): string => readFileSync(join(folder.path, name), "utf8");
const edit = (name: string, from: string, to: string): void => {
  const text = read(name);
  expect(text).toContain(from);
  writeFileSync(join(folder.path, name), text.replace(from, to));
};

const SETTINGS = `
settings:
  grants:
    support:
      tools: [math.*]
      roles: [SUPPORT]
  principals:
    acme:
      ada:
        roles: [SUPPORT]
  overrides:
    acme:
      ada:
        default:
          capacity: 5
`;

test("a state is exported, imported into another, and the two are the same text", async () => {
  await run("tools", "--data", "one");
  expect(await run("export", "one.yaml", "--data", "one")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^4 tools, 4 versions, 0 settings: /) as string,
  });
  writeFileSync(join(folder.path, "one.yaml"), read("one.yaml") + SETTINGS);
  const imported = await run("import", "one.yaml", "--data", "two", "--reason", "a copy", "--json");
  expect(imported.code, imported.out).toBe(0);
  expect(imported.data).toMatchObject({ dryRun: false, unchanged: 0, left: 0 });
  const exported = await run("export", "--data", "two");
  expect(exported.out).toBe(read("one.yaml"));
  const asJson = await run("export", "--data", "two", "--json");
  expect(asJson.data).toMatchObject({ settings: { principals: { acme: { ada: { roles: ["SUPPORT"] } } } } });
  const trail = await run("audit", "search", "--data", "two", "--json");
  expect(trail.out).toMatch(/"act\.intended"[^]*"state\.imported"|"state\.imported"[^]*"act\.intended"/);
  expect(trail.out).toContain("a copy");
  // The program finds its tools and its settings there.
  const called = await run(
    "call",
    "math.add",
    '{"a":1,"b":2}',
    "--data",
    "two",
    "--tenant",
    "acme",
    "--id",
    "ada",
    "--json",
  );
  expect(called.code, called.out).toBe(0);
});

test("a dry run shows every field that differs and changes nothing", async () => {
  await run("tools", "--data", "one");
  await run("export", "c.yaml", "--data", "one");
  edit("c.yaml", "  math.add:\n", "  math.add:\n    channels:\n      beta: 1.0.0\n");
  edit("c.yaml", "status: active", "status: retired");
  writeFileSync(join(folder.path, "c.yaml"), read("c.yaml") + SETTINGS);
  const before = (await run("export", "--data", "one")).out;
  const shown = await run("import", "c.yaml", "--dry-run", "--data", "one");
  expect(shown.code, shown.err).toBe(0);
  expect(shown.out.split("\n")).toEqual([
    "~ changed  version admin.wipe@1.0.0",
    '    status: "active" → "retired"',
    "~ changed  tool math.add",
    '    channels: nothing → {"beta":"1.0.0"}',
    "+ added    grant support",
    "+ added    principal acme/ada",
    "+ added    override acme/ada/default",
    "3 added, 2 changed, 0 removed, 3 as they are; nothing was changed",
    "",
  ]);
  expect((await run("export", "--data", "one")).out).toBe(before);
  await run("import", "c.yaml", "--data", "one");
  expect((await run("export", "--data", "one")).out).toBe(read("c.yaml"));
});

test("what is not in the file stays, unless it is pruned and was never called", async () => {
  await run("tools", "--data", "one");
  await run("export", "c.yaml", "--data", "one");
  const text = read("c.yaml");
  writeFileSync(join(folder.path, "c.yaml"), text.slice(0, text.indexOf("  slow.count:")));
  const kept = await run("import", "c.yaml", "--data", "one");
  expect(kept.out).toMatch(/0 removed, 2 as they are, 2 not in the file, and left alone/);
  await run("call", "text.evil", "--data", "one");
  const called = await run("import", "c.yaml", "--prune", "--data", "one");
  expect(called).toMatchObject({
    code: 2,
    err: expect.stringMatching(/text\.evil has a version that would go and has been called/) as string,
  });
  expect((await run("export", "--data", "one")).out).toBe(text);
  await run("import", "c.yaml", "--data", "two");
  const pruned = await run("import", "c.yaml", "--prune", "--data", "two");
  expect(pruned.code).toBe(0);
});

test("tells what is wrong with its line, and imports nothing of the file", async () => {
  await run("tools", "--data", "one");
  await run("export", "c.yaml", "--data", "one");
  edit("c.yaml", "  math.add:\n", "  math.add:\n    channels:\n      beta: 1.0.1\n");
  writeFileSync(
    join(folder.path, "c.yaml"),
    read("c.yaml") + SETTINGS.replace("roles: [SUPPORT]\n  principals", "roles: [SUPORT]\n  principals"),
  );
  const refused = await run("import", "c.yaml", "--data", "one", "--json");
  expect(refused.code).toBe(2);
  const problems = (refused.data as { error: { problems: readonly { path: string; message: string }[] } }).error
    .problems;
  expect(problems).toEqual([
    {
      path: expect.stringMatching(/^c\.yaml:\d+:7$/) as string,
      message: 'tools › math.add › channels › beta leads to "1.0.1", which there is not; did you mean 1.0.0?',
    },
    {
      path: expect.stringMatching(/^c\.yaml:\d+:5$/) as string,
      message: expect.stringMatching(/settings › grants › support .*did you mean "SUPPORT"/) as string,
    },
  ]);
  expect((await run("export", "--data", "one")).out).not.toContain("support");
});

test("refuses another definition under a published version", async () => {
  await run("tools", "--data", "one");
  await run("export", "c.yaml", "--data", "one");
  edit("c.yaml", "Add two integers.", "Add two or three integers.");
  expect((await run("import", "c.yaml", "--data", "one")).err).toMatch(
    /digest is not that of the definition, which was changed/,
  );
  writeFileSync(join(folder.path, "c.yaml"), read("c.yaml").replaceAll(/^ +digest: .*\n/gm, ""));
  expect((await run("import", "c.yaml", "--data", "one")).err).toMatch(
    /math\.add › versions › 1\.0\.0 › definition is published with another definition/,
  );
});

test("names secrets, shows no value, and tells which have none here", async () => {
  await using stores = await openSqliteStores({ dir: join(folder.path, "one") });
  await stores.secrets.keepMasterKeyId("m");
  await stores.secrets.set(
    { name: "pay.key", revision: 1, masterKeyId: "m", sealed: "c2VhbGVk", at: 1, by: null, reason: null },
    0,
  );
  await run("export", "c.yaml", "--data", "one");
  expect(read("c.yaml")).toMatch(/secrets: \[pay\.key\]/);
  expect(read("c.yaml")).not.toContain("c2VhbGVk");
  expect((await run("import", "c.yaml", "--data", "two")).err).toMatch(/secrets that have no value here yet: pay\.key/);
});

test("refuses files that cannot be read or written, and says why", async () => {
  await run("tools", "--data", "one");
  writeFileSync(join(folder.path, "c.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
  expect((await run("import", "c.yaml", "--data", "one")).err).toMatch(/c\.yaml: it is no text in UTF-8/);
  expect((await run("import", "none.yaml", "--data", "one")).err).toMatch(/none\.yaml: there is no such file/);
  expect((await run("import", ".", "--data", "one")).err).toMatch(/it is a folder/);
  expect((await run("export", "c.yaml", "--data", "one")).err).toMatch(/there is such a file already/);
  expect((await run("export", "--data", "nowhere")).err).toMatch(/there is none yet/);
});
