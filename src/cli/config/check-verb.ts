// `toolyard config check`: whether what is configured can be used.
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import type { Verb } from "../verb.ts";
import { resolveSession } from "./resolve-session.ts";

export const configCheckVerb: Verb = {
  name: "config check",
  summary: "check file, environment and flags together; exit with 2 and every problem when they cannot be used",
  arguments: [],
  options: [],
  examples: [
    { command: "config check", does: "before it is deployed" },
    { command: "config check --config toolyard.config.yaml --json", does: "of one file, for programs" },
  ],
  async run(session) {
    const { output } = session;
    const { file, origins } = await resolveSession(session);
    const given = [...origins.values()].filter((origin) => origin !== "default").length;
    if (output.json) output.data({ ok: true, file, given });
    else {
      const from = file === null ? "There is no file; environment and flags" : toSafeLine(file);
      output.line(`${from}: nothing is wrong, ${given} values are given.`);
    }
    return EXIT.ok;
  },
};
