// `toolyard keys revoke`: ends an API key.
import { Option } from "commander";
import { ACTOR, openSessionKeys } from "../credentials.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import type { Verb } from "../verb.ts";
import { toKeyId } from "./key-options.ts";

export const keysRevokeVerb: Verb = {
  name: "keys revoke",
  summary: "end an API key at once",
  arguments: [["<id>", "the id of the key, as keys list shows it"]],
  options: [new Option("--reason <text>", "why, for the audit trail")],
  examples: [{ command: 'keys revoke 4fJ0mVxZ2bQwLr8TnE --reason "in a public log"', does: "it is accepted no more" }],
  async run(session, [given = ""], options) {
    const { output } = session;
    await using opened = await openSessionKeys(session);
    const id = toKeyId(given);
    const reason = (options["reason"] as string | undefined) ?? null;
    const revoked = await opened.keys.revoke(id, { by: ACTOR, reason });
    if (output.json) output.data({ id, revoked });
    else output.line(toSafeLine(revoked ? `The API key ${id} is revoked.` : `The API key ${id} was revoked before.`));
    return EXIT.ok;
  },
};
