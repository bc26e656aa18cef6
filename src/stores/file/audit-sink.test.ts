import { promises as fs } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { AuditEvent } from "../../ports/audit-sink.ts";
import { openFileAuditSink } from "./audit-sink.ts";
import { readAuditFile, type SkippedLine } from "./read-audit-file.ts";

let folder = "";
let file = "";

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "toolyard-audit-"));
  file = path.join(folder, "logs", "audit.jsonl");
});

afterEach(async () => {
  vi.restoreAllMocks();
  await fs.rm(folder, { recursive: true, force: true });
});

const event = (callId: string, note = ""): AuditEvent => ({
  type: "call.succeeded",
  at: 1,
  tenant: "default",
  principal: "u1",
  roles: ["USER"],
  ip: null,
  callId,
  parentCallId: null,
  tool: "orders.get",
  version: "1.0.0",
  digest: null,
  code: null,
  attempts: 1,
  answeredBy: "tool",
  effect: "none",
  durationMs: 1.5,
  idempotencyKey: null,
  arguments: { note },
  details: undefined,
});

async function read(from: string = file): Promise<{ ids: (string | null)[]; skipped: SkippedLine[] }> {
  const skipped: SkippedLine[] = [];
  const ids: (string | null)[] = [];
  for await (const { callId } of readAuditFile(from, { onSkipped: (line) => skipped.push(line) })) ids.push(callId);
  return { ids, skipped };
}

async function refusalOf(work: () => Promise<unknown>): Promise<ToolyardError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ToolyardError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

/** Lets every write fail, after the part `written`, as a full disk does. */
async function failWrites(code: string, written = ""): Promise<{ restore: () => void }> {
  const probe = await fs.open(path.join(folder, "probe"), "a");
  const prototype = Object.getPrototypeOf(probe) as { appendFile: (text: string) => Promise<void> };
  await probe.close();
  const original = prototype.appendFile;
  const spy = vi.spyOn(prototype, "appendFile").mockImplementation(async function fail(this: unknown) {
    if (written !== "") await original.call(this as typeof prototype, written);
    throw Object.assign(new Error(code), { code });
  });
  return { restore: () => spy.mockRestore() };
}

describe("openFileAuditSink", () => {
  it("makes the folder and a file that only its owner may read", async () => {
    await using sink = await openFileAuditSink({ path: file });
    await sink.append(event("a"));
    expect((await fs.stat(file)).mode & 0o777).toBe(0o600);
    expect((await read()).ids).toEqual(["a"]);
  });

  it("keeps an event as it is when it is appended, and has handed it over when the promise resolves", async () => {
    const sink = await openFileAuditSink({ path: file });
    const given = event("a") as { callId: string };
    const appended = sink.append(given as AuditEvent);
    given.callId = "changed";
    await appended;
    expect((await read()).ids).toEqual(["a"]);
    await sink.close();
  });

  it("writes what is appended in one turn together, and in order", async () => {
    const sink = await openFileAuditSink({ path: file });
    const probe = await fs.open(file, "a");
    const spy = vi.spyOn(Object.getPrototypeOf(probe) as { appendFile: () => Promise<void> }, "appendFile");
    await probe.close();
    const ids = Array.from({ length: 500 }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => sink.append(event(id))));
    expect(spy).toHaveBeenCalledTimes(1);
    expect((await read()).ids).toEqual(ids);
    await sink.close();
  });

  it("continues a file that is there", async () => {
    for (const id of ["a", "b"]) {
      await using sink = await openFileAuditSink({ path: file });
      await sink.append(event(id));
    }
    expect((await read()).ids).toEqual(["a", "b"]);
  });

  it("closes off a line that a crash tore, so that the next ones can be read", async () => {
    await fs.mkdir(path.dirname(file));
    await fs.writeFile(file, `${JSON.stringify(event("a"))}\n{"type":"call.succ`);
    await using sink = await openFileAuditSink({ path: file });
    await sink.append(event("b"));
    expect(await read()).toEqual({
      ids: ["a", "b"],
      skipped: [{ lineNumber: 2, reason: "torn", text: '{"type":"call.succ' }],
    });
  });

  it("begins a new file when one is full and keeps as many as it was told", async () => {
    const sink = await openFileAuditSink({ path: file, maxBytes: 1_024, keepFiles: 2 });
    for (const id of ["a", "b", "c", "d", "e", "f", "g"]) await sink.append(event(id, "x".repeat(150)));
    await sink.close();
    expect((await fs.readdir(path.dirname(file))).toSorted()).toEqual([
      "audit.jsonl",
      "audit.jsonl.1",
      "audit.jsonl.2",
    ]);
    expect((await read()).ids).toEqual(["g"]);
    expect((await read(`${file}.1`)).ids).toEqual(["e", "f"]);
    expect((await read(`${file}.2`)).ids).toEqual(["c", "d"]);
    for (const name of await fs.readdir(path.dirname(file))) {
      expect((await fs.stat(path.join(path.dirname(file), name))).size).toBeLessThanOrEqual(1_024);
    }
  });

  it("splits what is appended at once into files that are not too large", async () => {
    const sink = await openFileAuditSink({ path: file, maxBytes: 1_024, keepFiles: 50 });
    await Promise.all(Array.from({ length: 40 }, (_, index) => sink.append(event(`c${index}`))));
    await sink.close();
    const names = await fs.readdir(path.dirname(file));
    expect(names.length).toBeGreaterThan(5);
    const found: (string | null)[] = [];
    for (const name of names) found.push(...(await read(path.join(path.dirname(file), name))).ids);
    expect(new Set(found).size).toBe(40);
  });

  it("keeps no full file when it was told to keep none", async () => {
    const sink = await openFileAuditSink({ path: file, maxBytes: 1_024, keepFiles: 0 });
    for (const id of ["a", "b", "c"]) await sink.append(event(id, "x".repeat(600)));
    await sink.close();
    expect(await fs.readdir(path.dirname(file))).toEqual(["audit.jsonl"]);
    expect((await read()).ids).toEqual(["c"]);
  });

  it("loses no event when a full file cannot be put aside, and says so", async () => {
    const sink = await openFileAuditSink({ path: file, maxBytes: 1_024, keepFiles: 1 });
    await sink.append(event("a", "x".repeat(600)));
    await fs.mkdir(`${file}.1`);
    const refusal = await refusalOf(() => sink.append(event("b", "x".repeat(600))));
    expect(refusal.code).toBe("AUDIT_FAILED");
    expect((await read()).ids).toEqual(["a", "b"]);
    await fs.rmdir(`${file}.1`);
    await sink.append(event("c"));
    expect((await read()).ids).toEqual(["c"]);
    await sink.close();
  });

  it("rejects what it could not write, and writes again when it can", async () => {
    const sink = await openFileAuditSink({ path: file });
    await sink.append(event("a"));
    const { restore } = await failWrites("ENOSPC");
    const refusals = await Promise.all([
      refusalOf(() => sink.append(event("b"))),
      refusalOf(() => sink.append(event("c"))),
    ]);
    expect(refusals.map(({ code, retryable }) => [code, retryable])).toEqual([
      ["AUDIT_FAILED", true],
      ["AUDIT_FAILED", true],
    ]);
    expect(refusals[0]?.message).toBe(`audit file ${file} cannot be written: the disk is full`);
    restore();
    await sink.append(event("d"));
    expect(await read()).toEqual({ ids: ["a", "d"], skipped: [] });
    await sink.close();
  });

  it("closes off what a failed write has left behind", async () => {
    const sink = await openFileAuditSink({ path: file });
    const { restore } = await failWrites("EIO", '{"type":"ca');
    await refusalOf(() => sink.append(event("a")));
    restore();
    await sink.append(event("b"));
    const { ids, skipped } = await read();
    expect(ids).toEqual(["b"]);
    expect(skipped.map(({ text }) => text)).toEqual(['{"type":"ca']);
    await sink.close();
  });

  it("throws for an event that JSON cannot hold, and keeps the others", async () => {
    const sink = await openFileAuditSink({ path: file });
    const appended = sink.append(event("a"));
    expect(() => sink.append({ ...event("b"), arguments: 1n } as unknown as AuditEvent)).toThrow(TypeError);
    await appended;
    expect((await read()).ids).toEqual(["a"]);
    await sink.close();
  });

  it("waits for the disk in a flush, whatever is appended after it", async () => {
    const sink = await openFileAuditSink({ path: file });
    const probe = await fs.open(file, "a");
    const spy = vi.spyOn(Object.getPrototypeOf(probe) as { datasync: () => Promise<void> }, "datasync");
    await probe.close();
    const first = sink.append(event("a"));
    const flushed = sink.flush();
    const second = sink.append(event("b"));
    await Promise.all([first, flushed, second]);
    expect(spy).toHaveBeenCalledTimes(1);
    expect((await read()).ids).toEqual(["a", "b"]);
    await sink.close();
  });

  it("leaves no file open, also when it is closed while it writes", async () => {
    const spy = vi.spyOn(fs, "open");
    const sink = await openFileAuditSink({ path: file });
    const appended = sink.append(event("a"));
    await Promise.all([sink.close(), appended]);
    const handles = await Promise.all(spy.mock.results.map(({ value }) => value as Promise<{ readonly fd: number }>));
    expect(handles.map(({ fd }) => fd)).toEqual([-1]);
  });

  it("flushes what was appended before, and closes once", async () => {
    const sink = await openFileAuditSink({ path: file });
    const appended = sink.append(event("a"));
    await sink.flush();
    expect((await read()).ids).toEqual(["a"]);
    await appended;
    const last = sink.append(event("b"));
    await Promise.all([sink.close(), sink.close()]);
    await last;
    expect((await read()).ids).toEqual(["a", "b"]);
    expect((await refusalOf(() => sink.append(event("c")))).code).toBe("CLOSED");
    await sink.flush();
  });

  it.each([
    ["a directory", () => folder, "AUDIT_FAILED", "it is a directory"],
    ["a path through a file", () => path.join(import.meta.filename, "x"), "AUDIT_FAILED", "cannot be opened"],
    ["a device", () => "/dev/null", "AUDIT_FAILED", "it is no ordinary file"],
    ["an empty path", () => "", "INVALID_OPTION", 'file audit sink.path: received ""'],
  ])("refuses %s", async (_, toPath, code, expected) => {
    const refusal = await refusalOf(() => openFileAuditSink({ path: toPath() }));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(expected);
  });

  it.each([
    [{ maxBytes: 10 }, "the nearest is 1024"],
    [{ keepFiles: -1 }, "the nearest is 0"],
    [{ mode: 0o1777 }, "mode: received 1023"],
    [{ maxByte: 5_000 }, 'did you mean "maxBytes"?'],
  ])("refuses the options %j", async (options, expected) => {
    const refusal = await refusalOf(() => openFileAuditSink({ path: file, ...options }));
    expect(refusal.code).toBe("INVALID_OPTION");
    expect(refusal.message).toContain(expected);
    await expect(fs.stat(file)).rejects.toThrow("ENOENT");
  });
});

describe("readAuditFile", () => {
  it("reads lines that lie across the chunks of the file", async () => {
    const sink = await openFileAuditSink({ path: file });
    const ids = Array.from({ length: 300 }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => sink.append(event(id, "é".repeat(500)))));
    await sink.close();
    expect((await fs.stat(file)).size).toBeGreaterThan(3 * 65_536);
    expect(await read()).toEqual({ ids, skipped: [] });
  });

  it("skips a line of any length without keeping it, and one that is no event", async () => {
    await fs.mkdir(path.dirname(file));
    await fs.writeFile(file, `${"x".repeat(3_000_000)}\n\nnull\n${JSON.stringify(event("a"))}`);
    const { ids, skipped } = await read();
    expect(ids).toEqual(["a"]);
    expect(skipped).toEqual([
      { lineNumber: 1, reason: "too long", text: "x".repeat(200) },
      { lineNumber: 3, reason: "torn", text: "null" },
    ]);
  });

  it("rejects for a file that is not there", async () => {
    const refusal = await refusalOf(() => read());
    expect(refusal.code).toBe("AUDIT_FAILED");
    expect(refusal.message).toContain("cannot be read");
  });
});
