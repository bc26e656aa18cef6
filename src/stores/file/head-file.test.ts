import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChainHead } from "../../ports/audit-reader.ts";
import { createMemoryAuditReader } from "../memory/audit-reader.ts";
import { anchorHeads, readHeadFile } from "./head-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolyard-heads-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const head = (writer: string, seq: number): ChainHead => ({ writer, seq, hash: `${writer}${seq}` });
const anchor = (file: string, at: number, ...heads: readonly ChainHead[]): Promise<readonly ChainHead[]> =>
  anchorHeads(
    createMemoryAuditReader(() => ({ records: [], heads })),
    file,
    at,
  );

describe("anchorHeads", () => {
  it("appends a line with the heads that have moved, and makes the file and its folder", async () => {
    const file = join(folder, "deep", "heads.jsonl");
    expect(await anchor(file, 1, head("a", 1), head("b", 2))).toEqual([head("a", 1), head("b", 2)]);
    expect(await anchor(file, 2, head("a", 1), head("b", 3))).toEqual([head("b", 3)]);
    expect(await anchor(file, 3, head("a", 1), head("b", 3))).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe(
      '{"at":1,"heads":[{"writer":"a","seq":1,"hash":"a1"},{"writer":"b","seq":2,"hash":"b2"}]}\n' +
        '{"at":2,"heads":[{"writer":"b","seq":3,"hash":"b3"}]}\n',
    );
  });

  it("writes a head down again that is another one than before", async () => {
    const file = join(folder, "heads.jsonl");
    await anchor(file, 1, head("a", 1));
    expect(await anchor(file, 2, { ...head("a", 1), hash: "forged" })).toHaveLength(1);
  });

  it("begins a line behind one that was torn", async () => {
    const file = join(folder, "heads.jsonl");
    writeFileSync(file, '{"at":1,"hea');
    await anchor(file, 2, head("a", 1));
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(3);
  });

  it("rejects with AUDIT_FAILED where it cannot write", async () => {
    await expect(anchor(folder, 1, head("a", 1))).rejects.toMatchObject({ code: "AUDIT_FAILED" });
  });
});

describe("readHeadFile", () => {
  it("gives heads with the line they are on, and tells of lines that have none", async () => {
    const file = join(folder, "heads.jsonl");
    await anchor(file, 1, head("a", 1));
    appendFileSync(file, 'torn\n\n{"at":2,"heads":[{"writer":"a"}]}\n');
    await anchor(file, 3, head("a", 2));
    const skipped: number[] = [];
    const heads = await Array.fromAsync(readHeadFile(file, { onSkipped: (line) => skipped.push(line) }));
    expect(heads).toEqual([
      { ...head("a", 1), by: "heads.jsonl:1", at: 1 },
      { ...head("a", 2), by: "heads.jsonl:5", at: 3 },
    ]);
    expect(skipped).toEqual([2, 4]);
  });
});
