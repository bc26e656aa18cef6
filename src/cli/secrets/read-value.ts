// The value of a secret: from a variable, a file or the standard input; never from an argument, which other users of the machine and
// the history of the shell can read.
import { resolve } from "node:path";
import { MAX_SECRET_BYTES, type Secrets } from "../../secrets/index.ts";
import { CliError } from "../cli-error.ts";
import type { CliIo } from "../io.ts";
import type { VerbOptions } from "../verb.ts";

/** The value that the options name; without one of them, the standard input, of which one line break at the end is not counted. */
export async function readSecretValue(io: CliIo, secrets: Secrets, options: VerbOptions): Promise<string> {
  const [variable, file] = [options["fromEnv"], options["fromFile"]];
  if (typeof variable === "string" && typeof file === "string")
    throw new CliError("received --from-env and --from-file; expected one of them");
  if (typeof variable === "string") return (await secrets.resolve(`env:${variable}`)).reveal();
  if (typeof file === "string") return (await secrets.resolve(`file:${resolve(io.cwd, file)}`)).reveal();
  return readStandardInput(io);
}

async function readStandardInput({ stdin }: CliIo): Promise<string> {
  if (stdin.isTTY === true) {
    throw new CliError(
      "the value is read from the standard input, and that is a terminal; pipe it in, or name it with --from-env or --from-file",
    );
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > MAX_SECRET_BYTES + 2)
      throw new CliError(`the standard input has more than ${MAX_SECRET_BYTES.toLocaleString("en-US")} bytes`);
    chunks.push(buffer);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
    return text.replace(/\r?\n$/, "");
  } catch {
    throw new CliError("the standard input is no text in UTF-8");
  }
}
