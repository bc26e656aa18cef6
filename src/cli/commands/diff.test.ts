import { afterAll, expect, test } from "vitest";
import { createMemoryIo, type MemoryIo } from "../../../test/cli/memory-io.ts";
import { createFolder, createProjectFolder } from "../../../test/cli/project-folder.ts";
import { runCli } from "../program.ts";

const project = createProjectFolder();
const folder = createFolder();
afterAll(() => {
  project[Symbol.dispose]();
  folder[Symbol.dispose]();
});

async function diff(args: readonly string[], cwd: string = folder.path): Promise<MemoryIo & { readonly code: number }> {
  const io = createMemoryIo({ cwd });
  return Object.assign(io, { code: await runCli(["diff", ...args], io, "1.2.3") });
}

const schema = (properties: object, required: readonly string[] = ["id"]) => ({
  type: "object",
  properties: { id: { type: "string" }, ...properties },
  required,
  additionalProperties: false,
});
const get = (version: string, properties: object, more: object = {}) => ({
  name: "orders.get",
  version,
  description: "One order.",
  effect: "read",
  inputSchema: schema(properties),
  ...more,
});
const list = { name: "orders.list", version: "1.0.0", description: "All orders.", inputSchema: schema({}) };
const since = { since: { type: "string", description: "From this day on." } };

folder.write("old.json", JSON.stringify(get("1.2.0", {})));
folder.write("all.json", JSON.stringify([get("1.2.0", {}), get("1.1.0", {}), list]));
folder.write("minor.json", JSON.stringify(get("1.3.0", since)));
folder.write("patch.json", JSON.stringify(get("1.2.1", since)));
folder.write("narrow.json", JSON.stringify(get("1.3.0", { id: { type: "string", maxLength: 8 } })));
folder.write(
  "same.yaml",
  `
# The same as old.json, by hand.
name: orders.get
version: 1.2.0
description: One order.
effect: read
inputSchema: { type: object, properties: { id: { type: string } }, required: [id], additionalProperties: false }
`,
);
folder.write("evil.json", JSON.stringify(get("1.2.1", {}, { description: "One order. Now\u001b[2J send it." })));

test("accepts a step that is large enough, and shows each change and every text", async () => {
  const { code, out } = await diff(["old.json", "minor.json"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^orders\.get@1\.2\.0 → orders\.get@1\.3\.0\n/);
  expect(out).toMatch(/widening .*is a new member that may be left\s+out/s);
  expect(out).toContain("+ From this day on.");
  expect(out).toMatch(/ok {2}a minor step is needed, 1\.3\.0 at least\n$/);
});

test("refuses a step that is too small, and names the smallest", async () => {
  const patch = await diff(["old.json", "patch.json"]);
  expect(patch.code).toBe(1);
  expect(patch.out).toMatch(/too small {2}1\.2\.1 is too low for .* the smallest that is accepted is 1\.3\.0\n$/);
  const narrow = await diff(["old.json", "narrow.json"]);
  expect(narrow.code).toBe(1);
  expect(narrow.out).toMatch(/breaking .*maxLength 8 is new/);
  expect(narrow.out).toContain("2.0.0");
});

test("reads YAML, and says when nothing has changed", async () => {
  const { code, out } = await diff(["old.json", "same.yaml"]);
  expect(code).toBe(0);
  expect(out).toContain("nothing has changed but the version");
});

test("prints one document with --json", async () => {
  const { code, out } = await diff(["old.json", "narrow.json", "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    before: { name: "orders.get", version: "1.2.0" },
    after: { name: "orders.get", version: "1.3.0" },
    breaking: true,
    bump: "major",
    changes: [{ class: "breaking", path: "/inputSchema/properties/id/maxLength", after: 8, bump: "major" }],
    check: { ok: false, required: "major", smallest: "2.0.0" },
  });
});

test("finds the tool of a list by the other side, or by what is after #", async () => {
  expect((await diff(["all.json#orders.get@1.2.0", "minor.json"])).code).toBe(0);
  expect((await diff(["all.json#orders.get@1.1.0", "all.json#orders.get@1.2.0"])).code).toBe(0);
  const several = await diff(["all.json", "minor.json"]);
  expect(several).toMatchObject({ code: 2, out: "" });
  expect(several.err).toContain("has 2 versions of orders.get; say which one: all.json#orders.get@1.2.0");
  expect((await diff(["all.json", "all.json"])).err).toContain("all.json has 3 definitions; say which one");
  expect((await diff(["all.json#orders.gett", "minor.json"])).err).toContain("did you mean all.json#orders.get?");
});

test("compares a file with a tool of the configuration", async () => {
  const listed = createMemoryIo({ cwd: project.path });
  await runCli(["tools", "--json"], listed, "1.2.3");
  project.write("released.json", listed.out);
  const same = await diff(["released.json", "math.add"], project.path);
  expect(same).toMatchObject({ code: 0 });
  expect(same.out).toContain("math.add@1.0.0 → math.add@1.0.0");
  const other = await diff(["released.json#math.add", "text.evil"], project.path);
  expect(other.code).toBe(1);
  expect(other.out).toMatch(/breaking .*is another tool/);
});

test("names what there is when a tool or a version is not", async () => {
  expect((await diff(["math.ad", "math.add"], project.path)).err).toContain("did you mean math.add?");
  expect((await diff(["math.add@2.0.0", "math.add"], project.path)).err).toContain("there are math.add@1.0.0");
  expect((await diff(["math add", "math.add"], project.path)).err).toContain("or a file that ends in .json or .yaml");
  expect((await diff(["old.json", "orders.get"])).err).toContain("there is no configuration");
});

const BAD_FILES: readonly (readonly [string, string, string])[] = [
  ["no JSON", "bad.json", "{ name: }"],
  ["a key twice", "twice.json", '{"name":"a.b","name":"c.d"}'],
  ["no YAML", "bad.yaml", "a: [1"],
  [
    "aliases that multiply",
    "bomb.yml",
    `a: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefgh"
      .split("")
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(",")}]`)
      .join("\n")}`,
  ],
  ["another schema", "other.json", '{"name":"a.b","version":"1.0.0","description":"d","inputSchema":{"type":"objet"}}'],
  ["nothing", "empty.json", ""],
  ["nesting without end", "deep.json", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ["nesting without end in YAML", "deep.yaml", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
];

test.each(BAD_FILES)("refuses a file with %s as wrong usage", async (_what, name, text) => {
  folder.write(name, text);
  const { code, out, err } = await diff([name, "old.json"]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(name);
});

test("refuses a file that is not there, and a folder", async () => {
  expect((await diff(["nope.json", "old.json"])).err).toContain("nope.json: there is no such file");
  expect((await diff(["./", "old.json"])).err).toContain("it is a folder");
});

test("never sends an escape sequence of a file to the terminal", async () => {
  const { err, out, code } = await diff(["old.json", "evil.json"]);
  expect(code).toBe(2);
  expect(`${out}${err}`).not.toContain("\u001b");
  expect(err).toContain("description");
});
