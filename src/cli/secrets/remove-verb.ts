// `toolyard secrets remove`: takes a secret out of the vault.
import { Option } from "commander";
import { ACTOR, openSessionSecrets } from "../credentials.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import type { Verb } from "../verb.ts";

export const secretsRemoveVerb: Verb = {
  name: "secrets remove",
  summary: "forget a secret; exits with 1 when there is none of the name",
  arguments: [["<name>", "the name of the secret"]],
  options: [new Option("--reason <text>", "why, for the audit trail")],
  examples: [{ command: "secrets remove crm/token", does: "vault:crm/token refers to nothing any more" }],
  async run(session, [name = ""], options) {
    const { output } = session;
    await using opened = await openSessionSecrets(session);
    const reason = (options["reason"] as string | undefined) ?? null;
    const removed = await opened.secrets.remove(name, { by: ACTOR, reason });
    if (output.json) output.data({ name, removed });
    else output.line(toSafeLine(removed ? `vault:${name} is removed.` : `There is no secret vault:${name}.`));
    return removed ? EXIT.ok : EXIT.refused;
  },
};
