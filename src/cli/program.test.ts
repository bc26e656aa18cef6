import { afterAll, expect, test } from "vitest";
import { createMemoryIo, type MemoryIo, type MemoryIoOptions } from "../../test/cli/memory-io.ts";
import { createFolder, createProjectFolder } from "../../test/cli/project-folder.ts";
import { runCli } from "./program.ts";

const folder = createProjectFolder();
const empty = createFolder();
afterAll(() => {
  folder[Symbol.dispose]();
  empty[Symbol.dispose]();
});

async function run(
  line: readonly string[],
  options: MemoryIoOptions = {},
): Promise<MemoryIo & { readonly code: number }> {
  const io = createMemoryIo({ cwd: folder.path, ...options });
  const code = await runCli(line, io, "1.2.3");
  return Object.assign(io, { code });
}

test("prints help without arguments, and the version", async () => {
  const help = await run([]);
  expect(help.code).toBe(0);
  expect(help.out).toMatch(/demo .*guided example/);
  expect(help.out).toMatch(/Exit codes:/);
  expect(await run(["--version"])).toMatchObject({ code: 0, out: "1.2.3\n" });
});

test.each(["demo", "chat", "tools", "call", "schema", "usage"])(
  "%s --help shows examples and fits 80 columns",
  async (name) => {
    const { code, out } = await run([name, "--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\n  toolyard ${name}`));
    expect(out).toMatch(/--json/);
    const options = out.slice(0, out.indexOf("Examples:")).split("\n");
    for (const line of options) expect(line.length).toBeLessThanOrEqual(80);
  },
);

test("names the nearest command and option, and exits with 2", async () => {
  const command = await run(["tolls"]);
  expect(command).toMatchObject({ code: 2, out: "" });
  expect(command.err).toMatch(/unknown command 'tolls'\n\(Did you mean tools\?\)/);
  const option = await run(["tools", "--chek"]);
  expect(option.code).toBe(2);
  expect(option.err).toMatch(/unknown option '--chek'\n\(Did you mean --check\?\)/);
  expect((await run(["tools", "too", "much"])).code).toBe(2);
  expect((await run(["call", "math.add", "--timeout", "soon"])).err).toMatch(/Expected an integer from 1 to 86400000/);
  expect((await run(["schema", "--format", "yaml"])).err).toMatch(
    /Allowed choices are openai, openai-chat, anthropic, gemini, json-schema/,
  );
});

test("reports errors as a JSON document with --json", async () => {
  const { code, out, err } = await run(["tools", "--chek", "--json"]);
  expect([code, err]).toEqual([2, ""]);
  expect(JSON.parse(out)).toMatchObject({
    error: { code: "USAGE", message: expect.stringContaining("--check") as string },
  });
});

test("says what to do without a configuration, and with a broken one", async () => {
  const none = await run(["tools"], { cwd: empty.path });
  expect(none.code).toBe(2);
  expect(none.err).toMatch(/there is no configuration: neither toolyard\.config\.ts/);
  const file = folder.write("broken.mjs", "export default { timeoutMs: 0, toolz: [] };");
  const broken = await run(["tools", "--config", file, "--json"]);
  expect(broken.code).toBe(2);
  expect(JSON.parse(broken.out)).toMatchObject({
    error: {
      code: "INVALID_CONFIG",
      problems: [{ path: "toolz", message: expect.stringContaining("tools?") as string }, { path: "timeoutMs" }],
    },
  });
});

test("prints where it happened only with --debug", async () => {
  const file = folder.write("throws.mjs", 'throw new Error("boom");');
  const quiet = await run(["tools", "--config", file]);
  expect(quiet.err).toMatch(/boom/);
  expect(quiet.err).not.toMatch(/\n {4}at /);
  expect((await run(["tools", "--config", file, "--debug"])).err).toMatch(/\n {4}at /);
});

test("tools lists what there is, and what a role may see", async () => {
  const all = await run(["tools"]);
  expect(all.code).toBe(0);
  expect(all.out).toMatch(/math\.add +1\.0\.0 +read +USER +Add two integers\./);
  expect(all.out).toMatch(/4 tools/);
  const names = async (...line: readonly string[]): Promise<readonly string[]> => {
    const { out } = await run(["tools", "--json", ...line]);
    return (JSON.parse(out) as readonly { name: string }[]).map(({ name }) => name);
  };
  expect(await names("--as", "guest")).toEqual(["slow.count"]);
  expect(await names("--tag", "numbers")).toEqual(["math.add"]);
  expect(await names("--category", "text")).toEqual(["text.evil"]);
  expect(await names("--text", "two integers")).toEqual(["math.add"]);
  expect(await names("--status", "retired")).toEqual([]);
});

test("tools names the nearest role, tag and category", async () => {
  expect((await run(["tools", "--as", "gest"])).err).toMatch(
    /no role "gest"; accepted: ADMIN, USER, GUEST; did you mean GUEST\?/,
  );
  expect((await run(["tools", "--category", "mat"])).err).toMatch(/did you mean math\?/);
  expect((await run(["tools", "--tag", "zzz"])).err).toMatch(/there are: numbers/);
});

test("shows outputs of strangers without letting them steer the terminal", async () => {
  for (const line of [["tools"], ["tools", "--json"], ["call", "text.evil"], ["call", "text.evil", "--json"]]) {
    const { out, err } = await run(line, { terminal: true, env: { NO_COLOR: "1" } });
    expect(out + err, line.join(" ")).not.toMatch(/[^\n\x20-\x7e\u2400-\u2421─…]/);
  }
});

test("tools --check exits with 0 or 1", async () => {
  expect(await run(["tools", "--check"])).toMatchObject({ code: 0, out: "ok  no problems in 4 versions\n" });
  using bad = createProjectFolder();
  bad.write(
    "bad.mjs",
    `import config from "./toolyard.config.mjs";
     const [tool] = config.tools;
     export default { tools: [{ ...tool, definition: { ...tool.definition, examples: [{ a: "x" }] } }] };`,
  );
  const checked = await run(["tools", "--check", "--config", "bad.mjs"], { cwd: bad.path });
  expect(checked.code).toBe(1);
  expect(checked.out).toMatch(/math\.add/);
});

test("call prints the output, or the refusal with all that helps to repair it", async () => {
  expect(await run(["call", "math.add", '{"a":1,"b":2}'])).toMatchObject({ code: 0, out: '{\n  "sum": 3\n}\n' });
  const refused = await run(["call", "math.add", '{"a":"one"}']);
  expect(refused.code).toBe(1);
  expect(refused.out).toMatch(/^INVALID_INPUT\n/);
  expect(refused.out).toMatch(/- a: expected integer, received string "one"/);
  expect(refused.out).toMatch(/- b: /);
  const unknown = await run(["call", "math.ad", "{}"]);
  expect(unknown.out).toMatch(/Did you mean math\.add\?/);
  const own = await run(["call", "admin.wipe", "--as", "admin"]);
  expect(own.out).toMatch(/^TOOL_ERROR LOCKED\n {2}The vault is locked\.\n/);
});

test("call tells on the error stream what it took otherwise than written", async () => {
  const { out, err } = await run(["call", "math.add", '{"a":"1","b":2}']);
  expect(JSON.parse(out)).toEqual({ sum: 3 });
  expect(err).toBe('note: a was "1", taken as 1\n');
});

test("call --json prints the whole outcome", async () => {
  const { code, out } = await run(["call", "math.add", "{", "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    error: { code: "INVALID_JSON", effect: "none" },
    meta: { tool: "math.add" },
  });
});

test("call reads its arguments from a file or the standard input", async () => {
  folder.write("args.json", '{"a":20,"b":22}');
  expect((await run(["call", "math.add", "--file", "args.json"])).out).toMatch(/42/);
  expect((await run(["call", "math.add", "--file", "-"], { stdin: '{"a":2,"b":2}' })).out).toMatch(/4/);
  expect(await run(["call", "math.add", "--file", "nothing.json"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/there is no such file/) as string,
  });
  expect(await run(["call", "math.add", "{}", "--file", "args.json"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/twice/) as string,
  });
});

test("call is made as the role, principal and tenant asked for", async () => {
  expect((await run(["call", "math.add", "{}", "--as", "guest"])).out).toMatch(/^UNKNOWN_TOOL/);
  expect((await run(["call", "math.add", "{}", "--id", "a\u0000b"])).code).toBe(1);
  expect((await run(["call", "math.add", '{"a":1,"b":1}', "--id", "ulla", "--tenant", "acme"])).code).toBe(0);
});

test("call --dry-run says what would happen", async () => {
  expect((await run(["call", "math.add", '{"a":1,"b":1}', "--dry-run"])).out).toBe(
    "ok  the call would be made (math.add@1.0.0)\n",
  );
  expect((await run(["call", "math.add", "--dry-run"])).code).toBe(1);
});

test("call --stream prints progress beside the results", async () => {
  const streamed = await run(["call", "slow.count", "--stream"]);
  expect(streamed).toMatchObject({ code: 0, out: "one\ndone\n", err: " 50% half\n" });
  const { out } = await run(["call", "slow.count", "--stream", "--json"]);
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { type: string }).type),
  ).toEqual(["progress", "partial", "outcome"]);
});

test("schema prints one tool or all, in each format", async () => {
  const json = async (...line: readonly string[]): Promise<unknown> => JSON.parse((await run(["schema", ...line])).out);
  expect(await json("math.add")).toMatchObject({ type: "function", name: "math_add", parameters: { type: "object" } });
  expect(await json("math.add@^1", "--format", "openai-chat")).toMatchObject({
    type: "function",
    function: { name: "math_add" },
  });
  expect(await json("math.add", "--format", "json-schema")).toMatchObject({
    name: "math.add",
    outputSchema: { type: "object" },
  });
  expect(await json()).toHaveLength(4);
  expect(await json("--json")).toMatchObject({ tools: { length: 4 }, report: { length: 4 } });
  expect((await run(["schema", "math.sub"])).code).toBe(2);
  expect((await run(["schema", "math.ad"])).err).toMatch(/there is no tool "math\.ad"; did you mean math\.add\?/);
});

test("usage says what to configure, then reads the trail that calls left", async () => {
  expect(await run(["usage"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/add state: \{\} or audit: \{ path: "audit\.jsonl" \}/) as string,
  });
  using audited = createProjectFolder('audit: { path: "logs/audit.jsonl" },');
  const cwd = audited.path;
  expect((await run(["usage"], { cwd })).err).toMatch(/there is no audit trail yet/);
  await run(["call", "math.add", '{"a":1,"b":2}'], { cwd });
  await run(["call", "math.add", '{"a":1}'], { cwd });
  expect((await run(["usage"], { cwd })).out).toMatch(/^Tool: math\.add\nTotal calls: 2\nSuccess rate: 50\.00%/);
  expect(JSON.parse((await run(["usage", "--json"], { cwd })).out)).toMatchObject({
    calls: 2,
    skipped: 0,
    tools: [{ tool: "math.add", refused: 1 }],
  });
  expect((await run(["usage", "--since", "1y"], { cwd })).err).toMatch(/such as 90s/);
});

test.each(["openai", "openai-chat", "anthropic", "gemini"])(
  "prints tools in the format of %s, with its report",
  async (format) => {
    const { code, out } = await run(["schema", "--format", format, "--strict", "prefer", "--json"]);
    expect(code).toBe(0);
    const { tools, report } = JSON.parse(out) as { tools: object[]; report: { tool: string; wireName: string }[] };
    expect(report.length).toBeGreaterThan(0);
    for (const { wireName } of report) expect(JSON.stringify(tools)).toContain(`"name":"${wireName}"`);
  },
);

test("refuses a strict JSON Schema and strict tools of Gemini, with the reason", async () => {
  const plain = await run(["schema", "--format", "json-schema", "--strict", "require"]);
  expect(plain).toMatchObject({ code: 2, err: expect.stringContaining("--strict is for the formats of providers") });
  const strict = await run(["schema", "--format", "gemini", "--strict", "require"]);
  expect(strict).toMatchObject({ code: 1, err: expect.stringContaining("Gemini has no strict tools") });
});
