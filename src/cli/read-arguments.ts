// Arguments of a call: given on the command line, in a file, or on the standard input.
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { CliError } from "./cli-error.ts";
import type { CliIo } from "./io.ts";

const MAX_BYTES = 10 * 1024 * 1024;

/** The text of the arguments; undefined when none were given. Throws a CliError. */
export async function readArguments(
  io: CliIo,
  text: string | undefined,
  file: string | undefined,
  option = "--file",
): Promise<string | undefined> {
  if (file === undefined) return text;
  if (text !== undefined)
    throw new CliError(`received the JSON text twice, as an argument and with ${option}; expected one of them`);
  return file === "-" ? readStandardInput(io, option) : readTextFile(resolve(io.cwd, file), file, option);
}

async function readStandardInput({ stdin }: CliIo, option: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    assertSize("the standard input", bytes, option);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function readTextFile(path: string, given: string, option: string): Promise<string> {
  try {
    assertSize(given, (await stat(path)).size, option);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : (error as Error).message;
    throw new CliError(`${option} ${given}: ${reason}; expected a file of JSON text, or - for the standard input`, {
      cause: error,
    });
  }
}

function assertSize(what: string, bytes: number, option: string): void {
  if (bytes > MAX_BYTES)
    throw new CliError(`${option}: ${what} has more than ${MAX_BYTES.toLocaleString("en-US")} bytes`);
}
