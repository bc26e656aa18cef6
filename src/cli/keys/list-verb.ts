// `toolyard keys list`: the API keys without their secrets.
import { Option } from "commander";
import { describeKey } from "../../keys/index.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { openStateForReading } from "../state.ts";
import { toInteger, type Verb } from "../verb.ts";
import { toKeyData, toKeyRow } from "./key-options.ts";

export const keysListVerb: Verb = {
  name: "keys list",
  summary: "list API keys: whose they are, until when, last used; never the keys themselves",
  arguments: [],
  options: [
    new Option("--tenant <tenant>", "only of this tenant"),
    new Option("--principal <id>", "only of this principal"),
    new Option("--after <id>", "only those after this one, in the order of the ids"),
    new Option("--limit <n>", "at most so many").argParser(toInteger(1, 1_000)).default(100),
  ],
  examples: [
    { command: "keys list", does: "all of them, also those that have ended" },
    { command: "keys list --principal ci --json", does: "of one principal, for programs" },
  ],
  async run(session, _args, options) {
    const { io, output } = session;
    await using state = await openStateForReading(session);
    const [tenant, principal, after] = ["tenant", "principal", "after"].map((key) => options[key]);
    const limit = options["limit"] as number;
    const stored = await state.keys.list({
      limit,
      ...(typeof tenant === "string" && { tenant }),
      ...(typeof principal === "string" && { principal }),
      ...(typeof after === "string" && { after }),
    });
    const keys = stored.map((key) => describeKey(key, io.clock.now()));
    const next = keys.length === limit ? (keys.at(-1)?.id ?? null) : null;
    if (output.json) {
      output.data({ keys: keys.map(toKeyData), next });
      return EXIT.ok;
    }
    if (keys.length === 0) output.line("No API keys.");
    else
      output.table(
        [
          { title: "id" },
          { title: "name" },
          { title: "principal" },
          { title: "roles, scopes", overflow: "wrap" },
          { title: "last used" },
          { title: "ends", overflow: "wrap" },
        ],
        keys.map((key) => toKeyRow(key, output)),
      );
    if (next !== null) output.line(output.colors.dim(`There may be more: --after ${toSafeLine(next)}`));
    return EXIT.ok;
  },
};
