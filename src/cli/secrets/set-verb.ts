// `toolyard secrets set`: puts a secret into the vault.
import { Option } from "commander";
import { ACTOR, openSessionSecrets } from "../credentials.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import type { Verb } from "../verb.ts";
import { readSecretValue } from "./read-value.ts";

export const secretsSetVerb: Verb = {
  name: "secrets set",
  summary: "keep a secret, encrypted; its value comes from the standard input, a variable or a file",
  arguments: [["<name>", "what vault:<name> refers to: letters, digits and . _ / -"]],
  options: [
    new Option("--from-env <name>", "take the value from this variable"),
    new Option("--from-file <path>", "take the value from this file"),
    new Option("--reason <text>", "why, for the audit trail"),
  ],
  examples: [
    {
      command: "secrets set crm/token < token.txt",
      does: "from the standard input; a line break at the end is not counted",
    },
    { command: "secrets set crm/token --from-env CRM_TOKEN", does: "from a variable" },
  ],
  async run(session, [name = ""], options) {
    const { io, output } = session;
    await using opened = await openSessionSecrets(session);
    const value = await readSecretValue(io, opened.secrets, options);
    const reason = (options["reason"] as string | undefined) ?? null;
    const revision = await opened.secrets.set(name, value, { by: ACTOR, reason });
    if (output.json) output.data({ name, reference: `vault:${name}`, revision });
    else output.line(toSafeLine(`vault:${name} is kept, revision ${revision}.`));
    return EXIT.ok;
  },
};
