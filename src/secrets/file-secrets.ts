// Secrets in files, as Docker and Kubernetes hand them over: one file, one secret, a line break at its end not counted. Kept while
// the file is the same; devices, pipes and folders are refused before they are opened.
import { type BigIntStats, constants, promises as fs } from "node:fs";
import { createBoundedMap } from "../kernel/bounded-map.ts";
import type { Reference } from "./reference.ts";
import { unusableSecret } from "./secret-error.ts";
import { MAX_SECRET_BYTES } from "./secret-value.ts";

export interface FileSecrets {
  /** The content of the file that `reference` names. Rejects with SECRET_UNUSABLE. */
  read(reference: Reference): Promise<string>;
  forget(): void;
}

interface Kept {
  readonly value: string;
  /** What is another one as soon as the file is. */
  readonly state: string;
}

/** Files that are kept at once. */
const MAX_KEPT = 256;
const OTHERS_READ = 0o004n;

/** Creates a reader of files. `onExposed` is told of a file that everybody on the machine may read, once for each state of it. */
export function createFileSecrets(onExposed: (reference: string) => void): FileSecrets {
  const kept = createBoundedMap<string, Kept>(MAX_KEPT);
  return {
    async read(reference) {
      const { text, name } = reference;
      try {
        const state = toState(checkKind(text, await fs.stat(name, { bigint: true })));
        const known = kept.get(name);
        if (known?.state === state) return known.value;
        const read = await readFile(reference);
        kept.set(name, read);
        if (read.isExposed) onExposed(text);
        return read.value;
      } catch (error) {
        kept.delete(name);
        throw toRefusal(text, error);
      }
    },
    forget: () => {
      kept.clear();
    },
  };
}

async function readFile({ text, name }: Reference): Promise<Kept & { readonly isExposed: boolean }> {
  // It may have become a pipe since it was looked at.
  const handle = await fs.open(name, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = checkKind(text, await handle.stat({ bigint: true }));
    const value = toText(text, await readBytes(handle)).replace(/\r?\n$/, "");
    return { value, state: toState(stats), isExposed: (stats.mode & OTHERS_READ) !== 0n };
  } finally {
    await handle.close();
  }
}

/** As many bytes as a secret may have, a line break, and one more, by which a longer one is noticed. */
async function readBytes(handle: fs.FileHandle): Promise<Buffer> {
  const buffer = Buffer.alloc(MAX_SECRET_BYTES + 3);
  let length = 0;
  for (let more = true; more && length < buffer.length;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    more = bytesRead > 0;
  }
  return buffer.subarray(0, length);
}

function checkKind(text: string, stats: BigIntStats): BigIntStats {
  if (stats.isFile()) return stats;
  throw unusableSecret(text, stats.isDirectory() ? "it is a folder" : "it is no ordinary file");
}

function toState({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}

function toText(text: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unusableSecret(text, "it is no text in UTF-8");
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "this process may not read it"],
  ["EPERM", "this process may not read it"],
  ["ELOOP", "its links lead in a circle"],
]);

function toRefusal(text: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  // Ours is said already; the system's errors hold a path and a code, and no content.
  if (code === "SECRET_UNUSABLE") return error;
  return unusableSecret(text, REASONS.get(code ?? "") ?? (error as Error).message, error);
}
