import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { type AuditFolder, createAuditFolder, toCallEvent, TRAIL_START } from "../../../test/cli/audit-folder.ts";
import { createProjectFolder } from "../../../test/cli/project-folder.ts";
import { createMemoryIo, type MemoryIo, type MemoryIoOptions } from "../../../test/cli/memory-io.ts";
import type { VerifyResult } from "../../index.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { runCli } from "../program.ts";

const NOW = TRAIL_START + 5 * 60_000;

let folder: AuditFolder;

function start(
  line: string,
  options: MemoryIoOptions = {},
): MemoryIo & { readonly clock: ManualClock; readonly done: Promise<number> } {
  const io = createMemoryIo({ cwd: folder.path, columns: 120, ...options });
  const clock = createManualClock(NOW);
  const world = Object.assign(io, { clock });
  return Object.assign(world, {
    done: runCli([...line.split(" "), ...(line.includes("--data") ? [] : ["--data", folder.path])], world, "1.2.3"),
  });
}

async function run(line: string, options: MemoryIoOptions = {}): Promise<MemoryIo & { readonly code: number }> {
  const io = start(line, options);
  return Object.assign(io, { code: await io.done });
}

/** Lets time go by until `text` has been printed. */
async function follow(io: ReturnType<typeof start>, text: string): Promise<void> {
  while (!io.out.includes(text)) await io.clock.advance(500);
}

describe("on a trail that nobody changes", () => {
  beforeAll(async () => {
    folder = await createAuditFolder();
  });
  afterAll(() => {
    folder[Symbol.dispose]();
  });

  test("audit verify prints the chains and exits with 0", async () => {
    const { code, out, err } = await run("audit verify");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/w_a +5 +2026-11-24T08:30:00\.000Z +2026-11-24T08:33:20\.000Z +plain +closed\n/);
    expect(out).toMatch(/w_b +3 .* +plain +open\n/);
    expect(out).toMatch(/ok {2}8 records in 2 chains, nothing changed, taken out or put in\n$/);
    expect(JSON.parse((await run("audit verify --json")).out)).toMatchObject({
      ok: true,
      records: 8,
      problemCount: 0,
      skippedAnchors: 0,
    });
  });

  test("audit search finds events, newest first, and goes on where it ended", async () => {
    const { code, out } = await run("audit search");
    expect(code).toBe(0);
    expect(
      out
        .split("\n")
        .filter((line) => line.startsWith("2026"))
        .map((line) => line.slice(11, 16)),
    ).toEqual(["08:33", "08:32", "08:31", "08:30"]);
    expect(out).toMatch(/08:31:00\.000Z +call\.refused +orders\.get@1\.2\.0 +bob +FORBIDDEN +call_1/);
    expect(out).toMatch(/orders\.refund@1\.2\.0 +ada +applied, 12 ms/);
    const page = JSON.parse((await run("audit search --limit 3 --json")).out) as {
      records: { seq: number; body: unknown }[];
      cursor: string;
    };
    expect(page.records).toHaveLength(3);
    expect(page.records[1]).toMatchObject({
      writer: "w_a",
      seq: 4,
      kind: "call.succeeded",
      body: { arguments: { id: "o_2" } },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const rest = JSON.parse((await run(`audit search --json --after ${page.cursor}`)).out) as {
      records: unknown[];
      cursor: null;
    };
    expect([rest.records.length, rest.cursor]).toEqual([1, null]);
    expect((await run("audit search --limit 3")).out).toMatch(/There are more: --after \d+\.3\.w_a\n$/);
  });

  test.each([
    ["--principal bob", ["call_1"]],
    ["--tool orders.refund", ["call_2"]],
    ["--code FORBIDDEN", ["call_1"]],
    ["--kind call.refused", ["call_1"]],
    ["--call call_0", ["call_0"]],
    ["--tenant other", []],
    ["--since 3m --oldest", ["call_2", "call_3"]],
    ["--until 2026-11-24T08:31:00Z", ["call_0"]],
    ["--since 2026-11-24T09:31+01:00 --until 2026-11-24T08:33", ["call_2", "call_1"]],
    ["--since 2026-11-25", []],
  ])("audit search %s", async (filter, expected) => {
    const { records } = JSON.parse((await run(`audit search --json ${filter}`)).out) as {
      records: { body: { callId: string } }[];
    };
    expect(records.map(({ body }) => body.callId)).toEqual(expected);
  });

  test.each([
    ["audit search --since yesterday", "Expected how long ago (90s, 15m, 1h, 7d), or a date such as 2026-11-24"],
    ["audit search --since 2026-02-31", "There is no such date"],
    ["audit search --after x", 'audit cursor: received "x"'],
    ["audit search --limit 0", "Expected an integer from 1 to 10000"],
    ["audit export --all --format csv", "--all writes every record as JSON Lines"],
    ["audit export --all --tool a", "--all writes every record as JSON Lines"],
    ["audit verify --key-file nothing", "--key-file nothing: ENOENT"],
    ["audit verify --anchors nothing", "nothing cannot be read"],
    ["audit verify", "audit key: received 10 bytes", { TOOLYARD_AUDIT_KEY: "hunter2hunter2" }],
    ["audit", '"toolyard audit" expects one of verify, tail, search, export, anchor, prune'],
  ])("%s is refused with 2", async (line, message, env: Readonly<Record<string, string>> = {}) => {
    const { code, out, err } = await run(line, { env });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
    expect(err).not.toContain("hunter2");
  });

  test("audit verify says that there is no trail", async () => {
    const { code, err } = await run("audit verify --data /nonexistent/toolyard");
    expect(code).toBe(2);
    expect(err).toMatch(/\/nonexistent\/toolyard\/state\.db.*there is none yet/);
  });

  test("audit export writes JSON Lines that hashes can be computed again from", async () => {
    const { code, out, err } = await run("audit export --all");
    expect([code, err]).toEqual([0, ""]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ writer, seq }) => `${String(writer)}${String(seq)}`)).toEqual([
      "w_a1",
      "w_a2",
      "w_a3",
      "w_a4",
      "w_a5",
      "w_b1",
      "w_b2",
      "w_b3",
    ]);
    const { createHash } = await import("node:crypto");
    const { default: canonicalize } = await import("canonicalize");
    for (const { hash, ...hashed } of lines)
      expect(
        createHash("sha256")
          .update(canonicalize(hashed) ?? "")
          .digest("hex"),
      ).toBe(hash);
    expect((await run("audit export --tool orders.refund")).out.trimEnd().split("\n")).toHaveLength(1);
  });

  test("audit export writes CSV that is one record a line, and no formula", async () => {
    const { out } = await run("audit export --format csv");
    const lines = out.split("\r\n");
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe(
      "at,kind,tenant,principal,roles,ip,tool,version,code,effect,attempts,answeredBy,durationMs,callId,parentCallId,idempotencyKey,digest,arguments,details,writer,seq,hash",
    );
    expect(lines[1]).toMatch(
      /^2026-11-24T08:30:00\.000Z,call\.succeeded,acme,ada,"\[""USER""\]",192\.0\.2\.7,orders\.get,1\.2\.0,,none,1,tool,12\.4,call_0,,,sha256:00,"\{""id"":""o_0""\}",,w_a,2,[0-9a-f]{64}$/,
    );
    expect(lines[4]).toContain(`,"""x"", y",`);
    expect(lines[4]).toContain(",'=1+1");
    expect(lines[5]).toBe("");
  });

  test("audit export writes a new file, tells how much, and does not write over one", async () => {
    const file = join(folder.path, "out.jsonl");
    const first = await run("audit export --out out.jsonl");
    expect(first).toMatchObject({ code: 0, out: "", err: "4 records in out.jsonl\n" });
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(4);
    const second = await run("audit export --out out.jsonl --json");
    expect(second.code).toBe(2);
    expect(second.out).toContain("there is such a file already");
    expect(JSON.parse((await run("audit export --out all.jsonl --all --json")).out)).toEqual({
      file: join(folder.path, "all.jsonl"),
      records: 8,
    });
  });

  test("no command lets what was recorded steer the terminal", async () => {
    for (const line of ["audit search", "audit tail", "audit search --json", "audit tail --json", "audit export"]) {
      const { out, err } = await run(line, { terminal: true, env: { NO_COLOR: "1" } });
      expect(out + err, line).toContain("1+1");
      expect(out + err, line).not.toMatch(/[^\n\x20-\x7e\u2400-\u2421─…]/);
    }
  });
});

describe("on a trail that changes", () => {
  beforeEach(async () => {
    folder = await createAuditFolder();
  });
  afterEach(() => {
    folder[Symbol.dispose]();
  });

  it.each([
    ["update audit_records set body = replace(body, 'o_2', 'o_9') where seq = 4", "changed", "w_a, record 4"],
    ["delete from audit_records where writer = 'w_a' and seq = 3", "missing", "w_a, record 3"],
    ["update audit_records set tenant = 'other' where seq = 3 and writer = 'w_a'", "index", "w_a, record 3"],
    ["update audit_records set at = 'soon' where seq = 2 and writer = 'w_b'", "changed", "w_b, record 2"],
    ["update audit_records set body = x'00ff' where seq = 2 and writer = 'w_b'", "unreadable", "w_b, record 2"],
    [
      "delete from audit_records where writer = 'w_a'; delete from audit_chains where writer = 'w_a'",
      "truncated",
      "w_a, record 5",
    ],
  ])("audit verify exits with 1 after: %s", async (statement, kind, where) => {
    folder.tamper(statement);
    const { code, out } = await run("audit verify");
    expect(code).toBe(1);
    expect(out).toContain(`${kind}  ${where}\n  expected `);
    expect(out).toMatch(/\d problems? in \d records in \d chains?\n$/);
    const data = JSON.parse((await run("audit verify --json")).out) as { ok: boolean; problems: { kind: string }[] };
    expect(data.ok).toBe(false);
    expect(data.problems.map((problem) => problem.kind)).toContain(kind);
  });

  it("finds what was taken from the end by the heads in a file", async () => {
    const anchored = await run("audit anchor heads.jsonl");
    expect(anchored).toMatchObject({ code: 0, out: "2 heads have moved, in heads.jsonl\n" });
    await folder.write(toCallEvent(4));
    expect((await run("audit anchor heads.jsonl")).out).toBe("1 head has moved, in heads.jsonl\n");
    expect((await run("audit verify --anchors heads.jsonl")).code).toBe(0);
    folder.tamper(
      "delete from audit_records where writer = 'w_b' and seq > 2; update audit_chains set head_seq = 2, head_hash = (select hash from audit_records where writer = 'w_b' and seq = 2) where writer = 'w_b'",
    );
    expect((await run("audit verify")).code).toBe(0);
    const { code, out } = await run("audit verify --anchors heads.jsonl");
    expect(code).toBe(1);
    expect(out).toMatch(
      /truncated {2}w_b, record 4\n {2}expected record 4 with the hash [0-9a-f]{64}, named by\s+heads\.jsonl:2, received record 2 as the last one/,
    );
    writeFileSync(join(folder.path, "heads.jsonl"), "torn\n");
    expect((await run("audit verify --anchors heads.jsonl")).err).toMatch(/1 lines of heads\.jsonl have no heads/);
  });

  it("prints every head as one line for a log", async () => {
    const { code, out } = await run("audit anchor");
    expect(code).toBe(0);
    expect(out.split("\n")).toHaveLength(2);
    expect(JSON.parse(out)).toMatchObject({
      at: NOW,
      heads: [
        { writer: "w_a", seq: 5 },
        { writer: "w_b", seq: 3 },
      ],
    });
  });

  it("follows with what is written, until Ctrl-C, in order and once", async () => {
    const io = start("audit tail -n 2 --follow --json");
    await io.wrote('"o_2"');
    // Recorded later, at an earlier time than what is there.
    await folder.write(toCallEvent(4), toCallEvent(0, { callId: "late" }));
    await follow(io, "call_4");
    await folder.write(toCallEvent(5, { tool: "orders.refund" }));
    await follow(io, "call_5");
    io.interrupt();
    expect(await io.done).toBe(0);
    const calls = io.out
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { body: { callId: string } }).body.callId);
    expect(calls).toEqual(["call_2", "call_3", "late", "call_4", "call_5"]);
  });

  it("follows only what is asked for", async () => {
    const io = start("audit tail -n 1 -f --tool orders.refund");
    await io.wrote("call_2");
    await folder.write(toCallEvent(4), toCallEvent(5, { tool: "orders.refund" }));
    await follow(io, "call_5");
    io.interrupt();
    await io.done;
    expect(io.out.split("\n")).toEqual([
      "2026-11-24T08:32:00.000Z  call.succeeded  orders.refund@1.2.0  ada  applied, 12 ms  call_2",
      "2026-11-24T08:35:00.000Z  call.succeeded  orders.refund@1.2.0  ada  12 ms  call_5",
      "",
    ]);
  });
});

describe("audit prune", () => {
  beforeEach(async () => {
    folder = await createAuditFolder();
  });
  afterEach(() => {
    folder[Symbol.dispose]();
  });

  it("takes what is old, leaves what can be verified, and records that it did", async () => {
    const dry = await run("audit prune --older-than 3m --dry-run");
    expect([dry.code, dry.out]).toEqual([0, "4 records from before 2026-11-24T08:32:00.000Z would go\n"]);
    expect((await run("audit verify")).out).toContain("8 records in 2 chains");
    const taken = await run("audit prune --older-than 3m --json");
    expect([taken.code, taken.err]).toEqual([0, ""]);
    expect(JSON.parse(taken.out)).toEqual({ before: NOW - 180_000, records: 4, chains: 2, dryRun: false });
    const verified = JSON.parse((await run("audit verify --json")).out) as VerifyResult;
    expect(verified.problems).toEqual([]);
    expect(verified.pruned.map(({ writer, seq }) => [writer, seq])).toEqual([
      ["w_a", 3],
      ["w_b", 1],
    ]);
    const { records } = JSON.parse((await run("audit search --kind audit.pruned --json")).out) as {
      records: { body: object }[];
    };
    expect(records.map(({ body }) => body)).toMatchObject([
      { principal: "cli", tool: "*", details: { before: "2026-11-24T08:32:00.000Z", records: 4, chains: 2 } },
    ]);
    folder.tamper("delete from audit_records where writer = 'w_a' and seq = 4");
    expect((await run("audit verify")).out).toContain("missing  w_a, record 1");
  });

  it("takes nothing where nothing is old, and nothing from a trail with problems", async () => {
    expect(await run("audit prune --older-than 1d")).toMatchObject({
      code: 0,
      out: "Nothing is older than 2026-11-23T08:35:00.000Z.\n",
    });
    folder.tamper("update audit_records set at = at + 1 where writer = 'w_a' and seq = 2");
    const { code, out, err } = await run("audit prune --older-than 1s");
    expect(code).toBe(1);
    expect(out).toContain("changed  w_a, record 2");
    expect(err).toBe("nothing was taken: what is wrong might go with what is old\n");
    expect((await run("audit search")).out).toContain("call_0");
    expect((await run("audit prune")).err).toContain("required option '--older-than <duration>' not specified");
  });
});

describe("on a keyed trail", () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  beforeAll(async () => {
    folder = await createAuditFolder(key);
  });
  afterAll(() => {
    folder[Symbol.dispose]();
  });

  test("audit verify takes the key from a file or the environment, and says what is wrong without", async () => {
    expect(await run("audit verify", { env: { TOOLYARD_AUDIT_KEY: key.toString("base64") } })).toMatchObject({
      code: 0,
      err: "",
    });
    writeFileSync(join(folder.path, "key"), `${key.toString("hex")}\n`);
    const { code, out } = await run("audit verify --key-file key");
    expect(code).toBe(0);
    expect(out).toMatch(/w_a .* keyed +closed/);
    const without = await run("audit verify");
    expect(without.code).toBe(1);
    expect(without.out).toContain("expected hashes of SHA-256 (no key was given), received others in all of 5 records");
    const wrong = await run("audit verify", {
      env: { TOOLYARD_AUDIT_KEY: Buffer.from(key.toReversed()).toString("hex") },
    });
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain("key  w_a");
  });
});

test("what a project's calls leave can be found by a hashed value, and verified with the key", async () => {
  using project = createProjectFolder('state: {}, audit: { strict: true, redact: { hmac: { keys: ["a"] } } },');
  const env = { TOOLYARD_AUDIT_KEY: Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString("hex") };
  const command = async (...line: readonly string[]): Promise<MemoryIo & { readonly code: number }> => {
    const io = createMemoryIo({ cwd: project.path, columns: 120, env });
    return Object.assign(io, { code: await runCli(line, io, "1.2.3") });
  };
  for (const a of [17, 18, 17]) expect((await command("call", "math.add", JSON.stringify({ a, b: 2 }))).code).toBe(0);
  const { records } = JSON.parse((await command("audit", "search", "--kind", "call.succeeded", "--json")).out) as {
    records: { body: { arguments: { a: string; b: number } } }[];
  };
  // In no order: the clock stands still, and each call was of a process and so of a chain of its own.
  const hashed = records.map(({ body }) => body.arguments.a);
  expect(hashed).toHaveLength(3);
  for (const text of hashed) expect(text).toMatch(/^hmac-sha256:/);
  expect(new Set(hashed).size).toBe(2);
  expect(records.map(({ body }) => body.arguments.b)).toEqual([2, 2, 2]);
  const verified = JSON.parse((await command("audit", "verify", "--json")).out) as VerifyResult;
  expect(verified.problems).toEqual([]);
  expect(verified.chains.map(({ mode, closed }) => `${mode} ${closed}`)).toEqual(Array(3).fill("keyed true"));
});
