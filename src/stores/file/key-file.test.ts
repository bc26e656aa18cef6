import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeyBytes, formatKeyText } from "../../kernel/key-bytes.ts";
import { createKeyFile } from "./key-file.ts";

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "toolyard-key-"));
  path = join(dir, "data", "master.key");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const isSame = (expected: Uint8Array) => (key: Uint8Array) => Buffer.from(key).equals(expected);

async function write(text: string, mode = 0o600): Promise<void> {
  path = join(dir, "given.key");
  await writeFile(path, text);
  await chmod(path, mode);
}

test("makes a key once, for its owner alone, and gives the same from then on", async () => {
  const key = await createKeyFile(path).read(null);
  expect(key).toHaveLength(32);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(dir, "data"))).mode & 0o777).toBe(0o700);
  expect(await createKeyFile(path).read(null)).toEqual(key);
  expect(await createKeyFile(path).read(isSame(key))).toEqual(key);
  expect(await readdir(join(dir, "data"))).toEqual(["master.key"]);
});

test("of many that make it at once all have the same", async () => {
  const keys = await Promise.all(Array.from({ length: 16 }, () => createKeyFile(path).read(null)));
  expect(new Set(keys.map(formatKeyText)).size).toBe(1);
  expect(await readdir(join(dir, "data"))).toEqual(["master.key"]);
});

test("makes no key in place of one that stored data depends on", async () => {
  await expect(createKeyFile(path).read(() => true)).rejects.toMatchObject({
    code: "SECRET_UNUSABLE",
    message: expect.stringMatching(/there is no such file.*Give it back/) as string,
  });
  expect(await readdir(dir)).toEqual([]);
});

test("gives a key that does not fit as it is, and leaves it", async () => {
  const key = await createKeyFile(path).read(null);
  expect(await createKeyFile(path).read(() => false)).toEqual(key);
  expect(await readFile(path, "utf8")).toBe(`${formatKeyText(key)}\n`);
});

test.each([
  ["nothing", "", 0o600, /received 0 characters/],
  ["half a key", "ab".repeat(16), 0o600, /received 16 bytes, expected 32 random bytes/],
  ["more than a key", "ab".repeat(5_000), 0o600, /cannot be used/],
  ["no key", "-----BEGIN canary-c0ffee-----", 0o600, /neither hexadecimal nor base64/],
  ["a key for everybody", formatKeyText(createKeyBytes()), 0o604, /mode 604\)\. Make it private: chmod 600/],
])("refuses a file that holds %s, without a word of it", async (_what, text, mode, message) => {
  await write(text, mode);
  const error = (await createKeyFile(path)
    .read(null)
    .catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({ code: "SECRET_UNUSABLE" });
  expect(error.message).toMatch(message);
  if (text !== "") expect(error.message).not.toContain(text.slice(0, 20));
  expect(await readFile(path, "utf8")).toBe(text);
});

test("refuses what is no file", async () => {
  await expect(createKeyFile(dir).read(null)).rejects.toMatchObject({ code: "SECRET_UNUSABLE" });
  path = join(dir, "null.key");
  await symlink("/dev/zero", path);
  await expect(createKeyFile(path).read(null)).rejects.toThrow(/no ordinary file/);
});

test("takes a key that an operator wrote, in base64, readable by the group", async () => {
  const key = createKeyBytes();
  await write(Buffer.from(key).toString("base64"), 0o640);
  expect(formatKeyText(await createKeyFile(path).read(null))).toBe(formatKeyText(key));
});

test("changes to a staged key, the same one until it is committed", async () => {
  const file = createKeyFile(path);
  const old = await file.read(null);
  const staged = await file.stage();
  expect(isSame(old)(staged)).toBe(false);
  expect(await createKeyFile(path).stage()).toEqual(staged);
  expect(await file.read(isSame(old))).toEqual(old);
  await file.commit();
  expect(await file.read(null)).toEqual(staged);
  expect(await readdir(join(dir, "data"))).toEqual(["master.key"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("ends a change that came as far as the database, when it is next read", async () => {
  const file = createKeyFile(path);
  await file.read(null);
  const staged = await file.stage();
  expect(await createKeyFile(path).read(isSame(staged))).toEqual(staged);
  expect(await readdir(join(dir, "data"))).toEqual(["master.key"]);
  expect(await createKeyFile(path).read(null)).toEqual(staged);
});
