// `toolyard secrets list`: the names of the secrets in the vault.
import { Option } from "commander";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { openStateForReading } from "../state.ts";
import { toInteger, type Verb } from "../verb.ts";

export const secretsListVerb: Verb = {
  name: "secrets list",
  summary: "list the names of the secrets, never their values",
  arguments: [],
  options: [
    new Option("--after <name>", "only those after this one, in the order of the names"),
    new Option("--limit <n>", "at most so many").argParser(toInteger(1, 1_000)).default(100),
  ],
  examples: [{ command: "secrets list", does: "names, revisions, who changed them last and why" }],
  async run(session, _args, options) {
    const { output } = session;
    await using state = await openStateForReading(session);
    const limit = options["limit"] as number;
    const stored = await state.secrets.page((options["after"] as string | undefined) ?? null, limit);
    const secrets = stored.map(({ name, revision, at, by, reason }) => ({
      ...{ name, reference: `vault:${name}`, revision },
      ...{ changedAt: new Date(at).toISOString(), by, reason },
    }));
    const next = secrets.length === limit ? (secrets.at(-1)?.name ?? null) : null;
    if (output.json) {
      output.data({ secrets, next });
      return EXIT.ok;
    }
    if (secrets.length === 0) output.line("No secrets.");
    else
      output.table(
        [
          { title: "reference", overflow: "wrap" },
          { title: "revision", align: "right" },
          { title: "changed" },
          { title: "by" },
          { title: "reason", overflow: "wrap" },
        ],
        secrets.map(({ reference, revision, changedAt, by, reason }) => [
          { text: reference, paint: output.colors.cyan },
          String(revision),
          changedAt.slice(0, 16),
          by ?? "",
          reason ?? "",
        ]),
      );
    if (next !== null) output.line(output.colors.dim(`There may be more: --after ${toSafeLine(next)}`));
    return EXIT.ok;
  },
};
