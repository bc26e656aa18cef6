// The command line against a real server.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnyTool, defineTool, Role } from "../../src/index.ts";
import { runCli } from "../../src/cli/program.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { openWorld, type Who, type World } from "../server/world.ts";
import { createMemoryIo, type MemoryIo, type MemoryIoOptions } from "./memory-io.ts";
import { createFolder, type ProjectFolder } from "./project-folder.ts";

let world: World;
let folder: ProjectFolder;
beforeAll(async () => {
  world = await openWorld({ tools: [vanish] });
  // Nothing is here: what works, works by the server.
  folder = createFolder();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Nobody knows what becomes of its calls. */
const vanish = defineTool({
  ...{ name: "test.vanish", version: "1.0.0", description: "Does not end.", effect: "write", category: "test" },
  access: { roles: [Role.USER] },
  timeoutMs: 50,
  input: { type: "object" },
  output: { type: "object", properties: { refund: { type: "integer" } }, required: ["refund"] },
  handler: () => new Promise<{ refund: number }>(() => {}),
}) as AnyTool;

type Ended = MemoryIo & { readonly code: number };

const keyOf = (who: Who): string => (world.headersOf(who)["authorization"] ?? "").replace("Bearer ", "");

function createIo(who: Who, options: MemoryIoOptions = {}): MemoryIo {
  const env = { TOOLYARD_URL: world.url, TOOLYARD_KEY: keyOf(who), ...options.env };
  return Object.assign(createMemoryIo({ cwd: folder.path, ...options, env }), { clock: systemClock });
}

async function run(who: Who, line: readonly string[], options?: MemoryIoOptions): Promise<Ended> {
  const io = createIo(who, options);
  const code = await runCli(line, io, "1.2.3");
  expect(io.err).not.toContain(keyOf(who) || "no key");
  return Object.assign(io, { code });
}

// oxlint-disable-next-line typescript/no-explicit-any -- Tests look into documents of every shape.
async function json(who: Who, line: readonly string[], options?: MemoryIoOptions): Promise<any> {
  return JSON.parse((await run(who, [...line, "--json"], options)).out);
}

describe("call", () => {
  test("prints the output, with every digit of the arguments", async () => {
    const text = '{"id":12345678901234567890,"rate":0.10000000000000000001,"small":1e-400}';
    const { code, out } = await run("user", ["call", "test.echo", text]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ id: "12345678901234567890", rate: 0.1, small: "1e-400" });
  });

  test("takes the arguments from the standard input, and nothing for no arguments", async () => {
    const piped = await run("user", ["call", "test.add", "--file", "-"], { stdin: '{"by":2}' });
    expect([piped.code, JSON.parse(piped.out)]).toEqual([0, { total: 2 }]);
    expect(JSON.parse((await run("user", ["call", "test.echo"])).out)).toEqual({});
  });

  test("prints the whole outcome as JSON, also of a refusal, and ends as the call does here", async () => {
    const done = await json("user", ["call", "test.add@1", '{"by":1}', "--dry-run"]);
    expect(done).toMatchObject({ ok: true, content: [], meta: { tool: "test.add", version: "1.0.0", dryRun: true } });
    const refused = await run("user", ["call", "test.add", '{"by":"x"}', "--json"]);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({
      ok: false,
      error: { code: "INVALID_INPUT", effect: "none", issues: [{ path: ["by"] }] },
      meta: { tool: "test.add" },
    });
  });

  test("prints what helps to repair a refused call", async () => {
    const { code, out } = await run("user", ["call", "test.add", '{"by":"x"}']);
    expect(code).toBe(1);
    expect(out).toMatch(/^INVALID_INPUT\n {2}The arguments do not fit .*\n {2}- by: expected /);
    const own = await run("user", ["call", "test.refuse"]);
    expect([own.code, own.out]).toEqual([1, "TOOL_ERROR NOT_TODAY\n  Come back tomorrow.\n"]);
    expect((await run("guest", ["call", "test.admin"])).out).toContain("UNKNOWN_TOOL");
  });

  test("refuses arguments that are no JSON, or say something twice, before they are sent", async () => {
    for (const text of ["{", '{"a":1,"a":2}', '{"__proto__":1}', ""]) {
      const { code, err } = await run("user", ["call", "test.echo", text]);
      expect([code, err]).toEqual([1, expect.stringContaining("(INVALID_JSON)")]);
    }
  });

  test("prints progress as it comes", async () => {
    const { code, out, err } = await run("user", ["call", "test.steps", "--stream"]);
    expect([code, out]).toEqual([0, '{"a":1}\n{\n  "done": true\n}\n']);
    expect(err).toContain("50% half");
    const lines = (await run("user", ["call", "test.steps", "--stream", "--json"])).out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(["progress", "partial", "outcome"]);
    const refused = await run("user", ["call", "test.refuse", "--stream"]);
    expect([refused.code, refused.out]).toEqual([1, "TOOL_ERROR NOT_TODAY\n  Come back tomorrow.\n"]);
  });

  test("is cancelled by Ctrl-C", async () => {
    const io = createIo("user");
    const before = world.entered.get("test.wait") ?? 0;
    const ended = runCli(["call", "test.wait", '{"ms":20000}'], io, "1.2.3");
    await expect.poll(() => world.entered.get("test.wait")).toBe(before + 1);
    io.interrupt();
    expect(await ended).toBe(130);
    expect(io.err).toContain("whether the call took effect is not known");
    await expect.poll(() => world.aborted()).toBeGreaterThan(0);
  });

  test("makes a call once with an idempotency key", async () => {
    const line = ["call", "test.add", '{"by":5}', "--idempotency-key", "k-1"];
    const [first, second] = [await json("user", line), await json("user", line)];
    expect(second.output).toEqual(first.output);
    expect(second.meta.replayOf).toBe(first.meta.callId);
  });

  test("refuses options that say nothing to a server", async () => {
    const line = ["call", "test.echo", "--as", "guest", "--tenant", "acme", "--id", "x", "--data", "d"];
    const { code, err } = await run("user", line);
    expect(code).toBe(2);
    expect(err).toContain("--as, --id, --tenant, --data: cannot be used with TOOLYARD_URL");
    const named = await run("user", ["call", "test.echo", "--as", "guest", "--url", world.url]);
    expect(named.err).toContain("--as: cannot be used with --url");
  });

  test("says of a reference that is no name what is wrong with it", async () => {
    const { code, err } = await run("user", ["call", ".."]);
    expect([code, err]).toEqual([2, 'error: ref: received "..", expected a name\n']);
  });
});

describe("tools", () => {
  test("lists what the key may see", async () => {
    const { code, out } = await run("user", ["tools"]);
    expect(code).toBe(0);
    expect(out).toContain("test.echo");
    expect(out).toContain("7 tools");
    expect(out).not.toContain("test.admin");
    const found = await json("operator", ["tools", "--text", "admins"]);
    expect(found).toMatchObject([{ name: "test.admin", version: "1.0.0", status: "active" }]);
  });

  test("names the categories when there is none of that name", async () => {
    const { code, err } = await run("user", ["tools", "--category", "tst"]);
    expect([code, err]).toEqual([2, expect.stringContaining('no tool has the category "tst"; did you mean test?')]);
  });

  test("refuses to check, and a wrong key", async () => {
    expect((await run("user", ["tools", "--check", "--as", "USER"])).err).toContain("--check, --as: cannot be used");
    const wrong = await run("bad", ["tools"]);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/^error: .+ \(UNAUTHENTICATED\)\n/)]);
    const document = await json("bad", ["tools"]);
    expect(document.error).toMatchObject({ code: "UNAUTHENTICATED", problems: [] });
  });
});

describe("keys", () => {
  test("are made, listed, rotated and revoked", async () => {
    const made = await run("operator", ["keys", "create", "--principal", "ci", "--roles", "user", "--expires", "1d"]);
    expect(made.code).toBe(0);
    expect(made.out).toMatch(/^\S+\n$/);
    expect(made.err).toMatch(/key \S+ of ci \(tenant default\), expires .* It is shown this once\./);
    const { keys } = await json("operator", ["keys", "list", "--principal", "ci"]);
    expect(keys).toMatchObject([{ principal: "ci", roles: ["USER"], status: "active", revokedAt: null }]);
    expect(Date.parse(keys[0].expiresAt) - Date.parse(keys[0].createdAt)).toBe(86_400_000);
    // The whole key does as well, and is not sent.
    const next = await json("operator", ["keys", "rotate", made.out.trim(), "--overlap", "none", "--expires", "never"]);
    expect(next).toMatchObject({ principal: "ci", expiresAt: null, key: expect.stringContaining(next.id) });
    const line = ["keys", "revoke", next.id, "--reason", "lost"];
    expect((await run("operator", line)).out).toBe(`The API key ${next.id} is revoked.\n`);
    expect((await run("operator", line)).out).toBe(`The API key ${next.id} was revoked before.\n`);
    expect((await run("operator", ["keys", "list", "--principal", "ci"])).out).toContain("revoked");
  });

  test("are of the caller's tenant where none is named", async () => {
    expect(await json("foreign", ["keys", "create", "--principal", "ci"])).toMatchObject({ tenant: "acme" });
    const other = await run("foreign", ["keys", "create", "--principal", "ci", "--tenant", "default"]);
    expect([other.code, other.out]).toEqual([1, ""]);
  });

  test.each([
    ["create", ["create", "--principal", "ci"]],
    ["list", ["list"]],
    ["rotate", ["rotate", "x"]],
    ["revoke", ["revoke", "x"]],
  ])("are nothing for users: %s", async (_name, line) => {
    const { code, out, err } = await run("user", ["keys", ...line]);
    expect([code, out, err]).toEqual([1, "", expect.stringMatching(/\((FORBIDDEN|NOT_FOUND)\)\n$/)]);
  });

  test("end with 2 for an id that is none, and for what cannot be asked, with what is wrong", async () => {
    const unknown = await run("operator", ["keys", "revoke", "nosuchkey"]);
    expect([unknown.code, unknown.err]).toEqual([2, "error: There is no API key of this id. (UNKNOWN_KEY)\n"]);
    const line = ["keys", "create", "--principal", "ci", "--name", "x".repeat(200)];
    const { code, err } = await run("operator", line);
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: name: received .+ \(INVALID_REQUEST\)\n$/)]);
    const { error } = await json("operator", [...line, "--scopes", "y".repeat(300)]);
    expect(error.code).toBe("INVALID_REQUEST");
    expect(error.message).toContain("name: received");
    expect(error.problems.map(({ path }: { path: string }) => path)).toEqual(["name", "scopes[0]"]);
  });
});

describe("outcomes", () => {
  test("are listed, and answer their key when they are resolved", async () => {
    const call = ["call", "test.vanish", "--idempotency-key", "v-1"];
    expect((await run("user", call)).out).toContain("Effect: unknown.");
    const { outcomes, all } = await json("operator", ["outcomes", "list"]);
    expect([outcomes.length, all]).toEqual([1, 1]);
    expect(outcomes).toMatchObject([{ tool: "test.vanish", principal: "uma", idempotencyKey: "v-1" }]);
    const text = await run("operator", ["outcomes", "list", "--tool", "test.vanish"]);
    expect(text.out).toContain("1 listed; toolyard outcomes resolve <id>");
    const [{ id }] = outcomes;
    const line = ["outcomes", "resolve", id, "--effect", "applied", "--reason", "refund 811", "--output-file", "-"];
    const done = await run("operator", line, { stdin: '{"refund":811}' });
    expect([done.code, done.out]).toEqual([0, `${id}: it happened; its key answers so from now on\n`]);
    expect((await json("user", call)).output).toEqual({ refund: 811 });
  });

  test("are listed, and only those that are there are resolved", async () => {
    expect((await run("operator", ["outcomes", "list"])).out).toBe("The effect of every call is known.\n");
    expect(await json("operator", ["outcomes", "list", "--tool", "test.add"])).toEqual({ outcomes: [], all: null });
    const line = ["outcomes", "resolve", "call_x_1", "--effect", "applied", "--reason", "seen", "--output", '{"a":1}'];
    const { code, err } = await run("operator", line);
    expect([code, err]).toEqual([2, expect.stringContaining("(UNKNOWN_OUTCOME)")]);
    expect((await run("user", ["outcomes", "list"])).code).toBe(1);
    expect((await run("operator", [...line.slice(0, -1), "{"])).code).toBe(2);
  });
});

describe("usage", () => {
  test("is that of everybody, of the tenant, or of the caller, as the key may see it", async () => {
    await run("user", ["call", "test.echo"]);
    const all = await run("operator", ["usage", "--since", "1h", "--by", "principal"]);
    expect([all.code, all.out, all.err]).toEqual([0, expect.stringContaining("default/uma"), ""]);
    const own = await run("user", ["usage"]);
    expect([own.code, own.out]).toEqual([0, expect.stringContaining("test.echo")]);
    expect(own.err).toBe("usage of default/uma\n");
    const tenant = await run("foreign", ["usage", "--json"]);
    expect(JSON.parse(tenant.out)).toMatchObject({ by: "tool", grain: "hour", from: 0, rows: [] });
    expect(tenant.err).toBe("usage of tenant acme\n");
    expect((await run("revoked", ["usage"])).code).toBe(1);
  });
});

describe("the address and the key", () => {
  test("needs a key, and says how to get one", async () => {
    const { code, err } = await run("none", ["tools"]);
    expect(code).toBe(2);
    expect(err).toContain("TOOLYARD_KEY: is not set");
    expect(err).toContain("toolyard keys create --principal <id>");
    const spaced = await run("none", ["tools"], { env: { TOOLYARD_KEY: "two words" } });
    expect([spaced.code, spaced.err]).toEqual([2, expect.stringMatching(/^error: TOOLYARD_KEY: expected/)]);
    expect(spaced.err).not.toContain("two words");
  });

  test("says that nobody answers", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}`;
    const { code, err } = await run("user", ["tools", "--url", url]);
    expect([code, err]).toEqual([2, `error: no answer from ${url}: ECONNREFUSED (CONNECTION_FAILED)\n`]);
  });

  test.each(["http://ada:swordfish@localhost", "ftp://localhost", "nonsense", "", "https://localhost/?key=swordfish"])(
    "refuses the address %s without repeating it",
    async (url) => {
      const { code, err } = await run("user", ["tools", "--url", url]);
      expect([code, err]).toEqual([2, expect.stringMatching(/^error: --url: expected /)]);
      expect(err).not.toContain("swordfish");
    },
  );

  test("refuses one with a password in the variable too, and asks under a path where there is one", async () => {
    const secret = await run("user", ["tools"], { env: { TOOLYARD_URL: "http://ada:swordfish@localhost" } });
    expect(secret.err).toMatch(/^error: TOOLYARD_URL: expected no credentials/);
    const path = await run("user", ["tools", "--url", `${world.url}/elsewhere`]);
    expect([path.code, path.err]).toEqual([1, expect.stringContaining("(NOT_FOUND)")]);
  });

  test("does not follow whoever leads elsewhere, and takes neither a page nor other JSON for an answer", async () => {
    const server = createServer(({ url = "" }, response) => {
      if (url.startsWith("/page")) response.end("<html>");
      else if (url.startsWith("/json")) response.writeHead(200, { "content-type": "application/json" }).end("{}");
      else response.writeHead(302, { location: world.url }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const lines = [["keys", "list"], ["keys", "revoke", "x"], ["tools"], ["usage"], ["call", "test.echo"]];
    const ask = async (line: readonly string[], path: string, code: string): Promise<void> => {
      const ended = await run("user", [...line, "--url", `${url}${path}`]);
      expect([ended.code, ended.out, ended.err]).toEqual([2, "", expect.stringContaining(`(${code})`)]);
    };
    for (const line of lines) {
      await ask(line, "", "REDIRECT_REFUSED");
      await ask(line, "/page", "UNEXPECTED_ANSWER");
      await ask(line, "/json", "UNEXPECTED_ANSWER");
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("is nothing to commands that have no remote form", async () => {
    const { code, err } = await run("none", ["config", "check"], {
      env: { TOOLYARD_URL: "nonsense", TOOLYARD_KEY: "x" },
    });
    expect([code, err]).toEqual([0, ""]);
    const local = await run("user", ["tools"], { env: { TOOLYARD_URL: "" } });
    expect([local.code, local.err]).toEqual([2, expect.stringContaining("there is no configuration")]);
    expect((await run("user", ["schema", "--url", world.url])).code).toBe(2);
  });
});
