// A catalogue file as the commands read it: bounded, and text.
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { MAX_CATALOGUE_BYTES } from "../../catalogue-file/index.ts";
import { CliError } from "../cli-error.ts";
import type { CliIo } from "../io.ts";

/** The text of the file. Throws a CliError. */
export async function readCatalogueFile({ cwd }: CliIo, file: string): Promise<string> {
  const path = resolve(cwd, file);
  try {
    const { size } = await stat(path);
    if (size > MAX_CATALOGUE_BYTES)
      throw new CliError(`${file}: has more than ${MAX_CATALOGUE_BYTES.toLocaleString("en-US")} bytes`);
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`${file}: ${REASONS[code ?? ""] ?? message}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this process may not read it",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is no text in UTF-8",
};
