// `toolyard keys rotate`: a successor of an API key, shown once, while the old one goes on working for a while.
import { ACTOR, openSessionKeys } from "../credentials.ts";
import { EXIT } from "../exit-code.ts";
import { createUrlOption, type Verb } from "../verb.ts";
import { createExpiresOption, createOverlapOption, printCreated, toKeyId, toLifetime } from "./key-options.ts";

export const keysRotateVerb: Verb = {
  name: "keys rotate",
  summary: "make the successor of an API key and print it, this once",
  arguments: [["<id>", "the id of the key, as keys list shows it"]],
  options: [
    createOverlapOption(),
    createExpiresOption("how long the new key works; without it, as long as the old one was to work"),
    createUrlOption(),
  ],
  examples: [
    { command: "keys rotate 4fJ0mVxZ2bQwLr8TnE --overlap 7d", does: "both work for a week" },
    { command: "keys rotate 4fJ0mVxZ2bQwLr8TnE --overlap none", does: "the old one ends at once" },
  ],
  remote: {
    refuses: [],
    run: async (...asked) => (await import("../remote/keys.ts")).rotateKeyRemotely(...asked),
  },
  async run(session, [id = ""], options) {
    await using opened = await openSessionKeys(session);
    const overlapMs = options["overlap"] as number | undefined;
    const created = await opened.keys.rotate(toKeyId(id), {
      ...(overlapMs !== undefined && { overlapMs }),
      ...toLifetime(options),
      by: ACTOR,
    });
    printCreated(session, created);
    return EXIT.ok;
  },
};
