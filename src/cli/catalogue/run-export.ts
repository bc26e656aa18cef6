// What `toolyard export` does.
import { open, type FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import { toYamlJson, writeCatalogue, type WrittenCatalogue } from "../../catalogue-file/index.ts";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { openStateForReading, type ReadableState } from "../state.ts";
import type { Session } from "../verb.ts";

/** Writes what is stored to a file that is not there yet, or to the standard output. */
export async function runExport(session: Session, file: string | undefined): Promise<ExitCode> {
  const { io, output } = session;
  await using state = await openStateForReading(session);
  if (file !== undefined) {
    const path = resolve(io.cwd, file);
    const written = await writeFile(state, path, file);
    if (output.json) output.data({ path, ...written });
    else output.line(`${toText(written)}: ${toSafeLine(path)}`);
  } else if (output.json) {
    let text = "";
    await writeCatalogue(state, (piece) => {
      text += piece;
    });
    output.data(toYamlJson(text));
  } else {
    await writeCatalogue(state, async (piece) => {
      // What reads it may be slower than a database.
      if (!io.stdout.write(piece)) await new Promise((drained) => io.stdout.once("drain", drained));
    });
  }
  return EXIT.ok;
}

async function writeFile(state: ReadableState, path: string, given: string): Promise<WrittenCatalogue> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o644);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "there is such a file already; give another name, or remove it first" : message;
    throw new CliError(`${given}: ${reason}`, { cause: error });
  }
  try {
    const written = await writeCatalogue(state, (text) => file.writeFile(text));
    await file.sync();
    return written;
  } finally {
    await file.close();
  }
}

function toText({ tools, versions, settings }: WrittenCatalogue): string {
  return `${tools} ${tools === 1 ? "tool" : "tools"}, ${versions} ${versions === 1 ? "version" : "versions"}, ${settings} ${settings === 1 ? "setting" : "settings"}`;
}
