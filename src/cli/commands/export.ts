// `toolyard export`: the catalogue as YAML that people read.
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
    const { runExport } = await import("../catalogue/run-export.ts");
    return runExport(session, file);
  },
};
