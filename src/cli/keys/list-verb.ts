// `toolyard keys list`: the API keys without their secrets.
import { Option } from "commander";
import { describeKey } from "../../keys/index.ts";
import { EXIT } from "../exit-code.ts";
import { openStateForReading } from "../state.ts";
import { createUrlOption, toInteger, type Verb } from "../verb.ts";
import { printKeys } from "./key-options.ts";

export const keysListVerb: Verb = {
  name: "keys list",
  summary: "list API keys: whose they are, until when, last used; never the keys themselves",
  arguments: [],
  options: [
    new Option("--tenant <tenant>", "only of this tenant"),
    new Option("--principal <id>", "only of this principal"),
    new Option("--after <id>", "only those after this one, in the order of the ids"),
    new Option("--limit <n>", "at most so many").argParser(toInteger(1, 1_000)).default(100),
    createUrlOption(),
  ],
  examples: [
    { command: "keys list", does: "all of them, also those that have ended" },
    { command: "keys list --principal ci --json", does: "of one principal, for programs" },
  ],
  remote: {
    refuses: [],
    run: async (...asked) => (await import("../remote/keys.ts")).listKeysRemotely(...asked),
  },
  async run(session, _args, options) {
    await using state = await openStateForReading(session);
    const [tenant, principal, after] = ["tenant", "principal", "after"].map((key) => options[key]);
    const limit = options["limit"] as number;
    const stored = await state.keys.list({
      limit,
      ...(typeof tenant === "string" && { tenant }),
      ...(typeof principal === "string" && { principal }),
      ...(typeof after === "string" && { after }),
    });
    const keys = stored.map((key) => describeKey(key, session.io.clock.now()));
    const next = keys.length === limit ? (keys.at(-1)?.id ?? null) : null;
    printKeys(session, keys, next);
    return EXIT.ok;
  },
};
