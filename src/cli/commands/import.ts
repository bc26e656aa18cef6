// `toolyard import`: a catalogue file, compared with what is stored and brought into it.
import { Option } from "commander";
import type { Verb } from "../verb.ts";

export const importVerb: Verb = {
  name: "import",
  summary: "bring a catalogue file into the state, or show what that would change",
  arguments: [["<file>", "what `toolyard export` wrote, changed or not"]],
  options: [
    new Option("--dry-run", "show what would change, and change nothing; exits 0 when it could be done"),
    new Option("--prune", "remove what is stored and not in the file"),
    new Option("--reason <text>", "why, for the audit trail"),
    new Option("--yes", "do not ask"),
  ],
  examples: [
    { command: "import catalogue.yaml --dry-run", does: "what would be added and changed, field by field" },
    { command: "import catalogue.yaml --prune --reason 'move to eu-2'", does: "the state is what the file says" },
  ],
  async run(session, [file = ""], options) {
    const { runImport } = await import("../catalogue/run-import.ts");
    return runImport(session, file, options);
  },
};
