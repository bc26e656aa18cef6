// `toolyard config print`: the configuration in force, with where each value came from.
import { describeConfig } from "../../server/config/index.ts";
import { EXIT } from "../exit-code.ts";
import { toInlineJson, toSafeLine } from "../output/index.ts";
import type { Verb } from "../verb.ts";
import { resolveSession } from "./resolve-session.ts";

export const configPrintVerb: Verb = {
  name: "config print",
  summary: "print the configuration in force, and where each value came from; no secrets, no code",
  arguments: [],
  options: [],
  examples: [
    { command: "config print", does: "every value, with its origin" },
    { command: "config print --json", does: "the same, for programs" },
  ],
  async run(session) {
    const { output } = session;
    const resolved = await resolveSession(session);
    const values = describeConfig(resolved);
    if (output.json) {
      output.data({ file: resolved.file, values });
      return EXIT.ok;
    }
    output.line(resolved.file === null ? "There is no file." : toSafeLine(resolved.file));
    output.table(
      [{ title: "key" }, { title: "value", overflow: "wrap" }, { title: "from" }],
      values.map(({ path, value, origin }) => [path, toInlineJson(value), origin]),
    );
    return EXIT.ok;
  },
};
