import { appendFile, chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LedgerOp } from "./ledger-op.ts";
import { type QueuedOp, toQueuedOp } from "./queued-op.ts";
import { readSpools, Spool } from "./spool.ts";

const release = (id: number): QueuedOp => toQueuedOp({ do: "release", id, now: 1, key: `k${id}`, owner: "o" });
const idsOf = (ops: readonly LedgerOp[]): readonly number[] => ops.map(({ id }) => id);

describe("Spool", () => {
  let dir: string;
  let granted: number[];
  let spool: Spool;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "toolyard-spool-"));
    granted = [];
    spool = new Spool(dir, (id) => granted.push(id));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it("writes nothing while nothing is late", async () => {
    const op = release(1);
    spool.add(op);
    spool.forget([op]);
    spool.keep("w");
    await spool.end("w");
    expect(await readdir(dir)).toEqual([]);
    expect(granted).toEqual([]);
  });

  it("keeps what has happened, in its order, and neither what is only counted nor what may be refused", async () => {
    spool.add(release(1));
    spool.add(toQueuedOp({ do: "usage", id: 2, rows: [] }));
    spool.add(toQueuedOp({ do: "flush", id: 3 }));
    spool.add(
      toQueuedOp({
        do: "claim",
        id: 4,
        now: 1,
        claim: { key: "k", owner: "o", version: "1.0.0", argumentsDigest: "d", leaseMs: 1 },
      }),
    );
    spool.add(release(5));
    spool.keep("w");
    await spool.end("w");
    expect(granted).toEqual([1, 5]);
    const [found, ...more] = await readSpools(dir);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ writer: "w", ended: true });
    expect(idsOf(found?.ops ?? [])).toEqual([1, 5]);
  });

  it("keeps what comes while it is at work right after", async () => {
    spool.add(release(1));
    spool.keep("w");
    spool.add(release(2));
    spool.keep("w");
    await expect.poll(() => granted).toEqual([1, 2]);
    const [found] = await readSpools(dir);
    expect(found).toMatchObject({ ended: false });
    expect(idsOf(found?.ops ?? [])).toEqual([1, 2]);
  });

  it("removes the file when all of it is in the ledger, also what got there meanwhile, and makes it again", async () => {
    const ops = [release(1), release(2)];
    for (const op of ops) spool.add(op);
    spool.keep("w");
    spool.forget(ops.slice(0, 1));
    await expect.poll(() => granted).toEqual([1, 2]);
    expect(await readdir(dir)).toHaveLength(1);
    spool.forget(ops.slice(1));
    await expect.poll(() => readdir(dir)).toEqual([]);
    spool.add(release(3));
    spool.keep("w");
    await expect.poll(() => granted).toEqual([1, 2, 3]);
    const [found] = await readSpools(dir);
    expect(idsOf(found?.ops ?? [])).toEqual([3]);
    const late = release(4);
    spool.add(late);
    spool.keep("w");
    spool.forget([late]);
    await spool.end("w");
    expect(granted).toEqual([1, 2, 3, 4]);
  });

  it("goes on when the folder fails, and keeps it when it works again", async () => {
    await rm(dir, { recursive: true });
    await writeFile(dir, "");
    spool.add(release(1));
    spool.keep("w");
    await spool.end("w");
    expect(granted).toEqual([]);
    await rm(dir);
    spool.keep("w");
    await expect.poll(() => granted).toEqual([1]);
  });

  it("is read but for what was cut off", async () => {
    spool.add(release(1));
    spool.keep("w");
    await expect.poll(() => granted).toEqual([1]);
    const [name = ""] = await readdir(dir);
    await appendFile(join(dir, name), '{"writer":"w","op":{"do":"rel');
    spool.add(release(2));
    spool.keep("w");
    await expect.poll(() => granted).toEqual([1, 2]);
    await writeFile(join(dir, "empty.spool"), "");
    await writeFile(join(dir, "notes.txt"), "hello");
    const found = await readSpools(dir);
    expect(found.map(({ ops }) => idsOf(ops))).toEqual([[1, 2]]);
    expect(await readFile(join(dir, "notes.txt"), "utf8")).toBe("hello");
  });

  it.each([
    "null",
    "7",
    "[]",
    "{}",
    '{"writer":1,"op":{"do":"release"}}',
    '{"writer":"w","op":null}',
    '{"writer":"w","op":{"do":"append"}}',
    '{"writer":"w","op":{"do":"list"}}',
    '{"writer":"w","op":{"do":"begin"}}',
  ])("refuses a file with the line %s, and leaves it", async (line) => {
    await writeFile(join(dir, "odd.spool"), `\n${line}\n`);
    await expect(readSpools(dir)).rejects.toMatchObject({
      code: "STORE_UNUSABLE",
      message: expect.stringMatching(/odd\.spool holds something that is no part of a spool; move the file away/),
    });
    expect(await readdir(dir)).toEqual(["odd.spool"]);
  });

  it("is for its owner's eyes, and refuses a folder that is none", async () => {
    const sub = join(dir, "a", "b");
    expect(await readSpools(sub)).toEqual([]);
    await writeFile(join(dir, "file"), "");
    await expect(readSpools(join(dir, "file"))).rejects.toMatchObject({ code: "STORE_UNUSABLE" });
    await chmod(sub, 0o700);
    expect(await readdir(sub)).toEqual([]);
  });
});
