// `toolyard keys revoke`: ends an API key.
import { Option } from "commander";
import { ACTOR, openSessionKeys } from "../credentials.ts";
import { EXIT } from "../exit-code.ts";
import { createUrlOption, type Verb } from "../verb.ts";
import { printRevoked, toKeyId } from "./key-options.ts";

export const keysRevokeVerb: Verb = {
  name: "keys revoke",
  summary: "end an API key at once",
  arguments: [["<id>", "the id of the key, as keys list shows it"]],
  options: [new Option("--reason <text>", "why, for the audit trail"), createUrlOption()],
  examples: [{ command: 'keys revoke 4fJ0mVxZ2bQwLr8TnE --reason "in a public log"', does: "it is accepted no more" }],
  remote: {
    refuses: [],
    run: async (...asked) => (await import("../remote/keys.ts")).revokeKeyRemotely(...asked),
  },
  async run(session, [given = ""], options) {
    await using opened = await openSessionKeys(session);
    const id = toKeyId(given);
    const reason = (options["reason"] as string | undefined) ?? null;
    printRevoked(session, id, await opened.keys.revoke(id, { by: ACTOR, reason }));
    return EXIT.ok;
  },
};
