// `toolyard export`: the catalogue as YAML that people read.
import { open, type FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import { toYamlJson, writeCatalogue, type WrittenCatalogue } from "../../catalogue-file/index.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { openStateForReading, type ReadableState } from "../state.ts";
import type { Verb } from "../verb.ts";

export const exportVerb: Verb = {
  name: "export",
  summary: "print tools, versions and settings as YAML, or write them to a file",
  arguments: [["[file]", "the file to be written; there must be none of this name; without it, the standard output"]],
  options: [],
  examples: [
    { command: "export catalogue.yaml", does: "to be read, compared, kept in a repository" },
    { command: "export --json", does: "the same content, for programs" },
  ],
  async run(session, [file]) {
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
  },
};

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
