import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFileSecrets, type FileSecrets } from "./file-secrets.ts";

let dir: string;
let exposed: string[];
let files: FileSecrets;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "toolyard-file-"));
  exposed = [];
  files = createFileSecrets((reference) => exposed.push(reference));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer, mode = 0o600): Promise<string> {
  await writeFile(join(dir, name), content);
  await chmod(join(dir, name), mode);
  return join(dir, name);
}

const read = (path: string): Promise<string> => files.read({ text: `file:${path}`, scheme: "file", name: path });

test.each([
  ["abc", "abc"],
  ["abc\n", "abc"],
  ["abc\r\n", "abc"],
  ["abc\n\n", "abc\n"],
  [" a b ", " a b "],
  ["ü😀\n", "ü😀"],
])("reads %j as %j", async (content, value) => {
  expect(await read(await put("secret", content))).toBe(value);
});

test("gives the new value as soon as the file is another one", async () => {
  const path = await put("secret", "one");
  expect(await read(path)).toBe("one");
  await put("secret", "two");
  expect(await read(path)).toBe("two");
  await rename(await put("next", "three"), path);
  expect(await read(path)).toBe("three");
  await rm(path);
  await expect(read(path)).rejects.toMatchObject({ code: "SECRET_UNUSABLE", message: /there is no such file/ });
});

test("follows links, as Kubernetes makes them", async () => {
  await symlink(await put("..data", "one"), join(dir, "secret"));
  expect(await read(join(dir, "secret"))).toBe("one");
});

test("refuses folders, devices, pipes and what is no text, and does not wait for them", async () => {
  execFileSync("mkfifo", [join(dir, "pipe")]);
  const binary = await put("binary", Buffer.from([0xff, 0xfe, 0x00]));
  for (const [path, reason] of [
    [dir, /it is a folder/],
    ["/dev/zero", /no ordinary file/],
    [join(dir, "pipe"), /no ordinary file/],
    [binary, /no text in UTF-8/],
    [join(binary, "x"), /there is no such file/],
  ] as const) {
    await expect(read(path)).rejects.toMatchObject({ code: "SECRET_UNUSABLE", message: reason });
  }
});

test("reads of a file that is too long no more than shows that it is", async () => {
  const value = await read(await put("long", "x".repeat(1_000_000)));
  expect(value).toHaveLength(64 * 1_024 + 3);
});

test("tells of a file that everybody may read, once for each state of it", async () => {
  const path = await put("secret", "one", 0o644);
  await read(path);
  await read(path);
  expect(exposed).toEqual([`file:${path}`]);
  await put("secret", "two", 0o644);
  await read(path);
  expect(exposed).toHaveLength(2);
  await put("secret", "three", 0o640);
  expect(await read(path)).toBe("three");
  expect(exposed).toHaveLength(2);
});
