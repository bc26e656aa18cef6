// A key of our own in a file of the data directory, made at first use and readable by its owner alone. Whoever has a copy of the
// database without this file has hashes and ciphertexts.
// INVARIANT: a file is there whole or not at all, and is never written over; a key that stored data depends on is never made anew.
import { constants, promises as fs } from "node:fs";
import path from "node:path";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { createSecretId } from "../../kernel/ids.ts";
import { createKeyBytes, formatKeyText, KEY_TEXT_EXPECTED, parseKeyText } from "../../kernel/key-bytes.ts";
import type { KeySource } from "../../ports/key-source.ts";

export interface KeyFile extends KeySource {
  read(fits: ((key: Uint8Array) => boolean) | null): Promise<Uint8Array>;
  /**
   * A key to take the place of the one in the file: kept beside it, as `<file>.next`, until `commit`. The same one again, when an
   * earlier change did not come to its end.
   */
  stage(): Promise<Uint8Array>;
  /** Puts the staged key in the place of the file. */
  commit(): Promise<void>;
}

/** Everything a key takes as text, and some white space. */
const MAX_BYTES = 256;
const OTHERS = 0o007;

/** The key in the file at `file`, an absolute path. Nothing is looked at before it is read. */
export function createKeyFile(file: string): KeyFile {
  const next = `${file}.next`;
  const commit = async (): Promise<void> => {
    await fs.rename(next, file);
    await syncFolder(file);
  };
  return {
    name: `file:${file}`,
    async read(fits) {
      const key = await readKey(file);
      if (fits === null) return key ?? makeKey(file);
      if (key !== null && fits(key)) return key;
      // A change that came as far as the database: its key is the one that fits.
      const staged = await readKey(next);
      if (staged !== null && fits(staged)) {
        await commit();
        return staged;
      }
      if (key !== null) return key;
      throw unusable(file, "there is no such file, and what is stored depends on the key that was in it. Give it back");
    },
    stage: async () => (await readKey(next)) ?? makeKey(next),
    commit,
  };
}

async function readKey(file: string): Promise<Uint8Array | null> {
  try {
    const parsed = parseKeyText(await readText(file));
    if (parsed.ok) return parsed.key;
    throw unusable(file, `${parsed.problem}, expected ${KEY_TEXT_EXPECTED}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error instanceof ToolyardError ? error : unusable(file, (error as Error).message, error);
  }
}

async function readText(file: string): Promise<string> {
  // Without waiting for a writer, should it be a pipe.
  const handle = await fs.open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw unusable(file, "it is no ordinary file");
    // Windows knows no such permissions.
    if (path.sep === "/" && (stat.mode & OTHERS) !== 0) {
      const mode = (stat.mode & 0o777).toString(8);
      throw unusable(file, `everybody on this machine may use it (mode ${mode}). Make it private: chmod 600`);
    }
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Makes the key, unless another process is faster: then its key. */
async function makeKey(file: string): Promise<Uint8Array> {
  const folder = path.dirname(file);
  const temporary = `${file}.${createSecretId("new")}`;
  try {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await fs.open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(`${formatKeyText(createKeyBytes())}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await publish(temporary, file);
    await syncFolder(file);
  } catch (error) {
    throw unusable(file, `it cannot be made: ${(error as Error).message}`, error);
  } finally {
    await fs.rm(temporary, { force: true });
  }
  const made = await readKey(file);
  if (made === null) throw unusable(file, "it went away while it was made");
  return made;
}

/** Gives the file its name, unless there is one of this name. */
async function publish(temporary: string, file: string): Promise<void> {
  try {
    await fs.link(temporary, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    // File systems without links, such as some that are mounted into containers.
    await fs.copyFile(temporary, file, constants.COPYFILE_EXCL);
  }
}

async function syncFolder(file: string): Promise<void> {
  // Windows opens no folders.
  const folder = await fs.open(path.dirname(file), "r").catch(() => null);
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}

function unusable(file: string, reason: string, cause?: unknown): ToolyardError {
  return new ToolyardError("SECRET_UNUSABLE", `the key file ${file} cannot be used: ${reason}`, { cause });
}
