// `toolyard secrets rotate-key`: another master key. Every secret is encrypted anew in one transaction; a key file takes its name
// only afterwards, and one that a crash left behind is found by the next opening.
import { Option } from "commander";
import { createKeyReference } from "../../server/state/index.ts";
import { ACTOR, type OpenedSecrets, openSessionSecrets } from "../credentials.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import type { Verb } from "../verb.ts";

export const secretsRotateKeyVerb: Verb = {
  name: "secrets rotate-key",
  summary: "encrypt every secret anew, under another master key: all of them or none",
  arguments: [],
  options: [
    new Option(
      "--new-key <reference>",
      "the new key, as env:NAME or file:/path; without it, the key file gets a new one",
    ),
    new Option("--reason <text>", "why, for the audit trail"),
  ],
  examples: [
    { command: "secrets rotate-key", does: "a new key in the file master.key" },
    { command: "secrets rotate-key --new-key env:NEW_MASTER_KEY", does: "then name it as state.masterKey" },
  ],
  async run(session, _args, options) {
    const { output } = session;
    await using opened = await openSessionSecrets(session);
    const reference = options["newKey"] as string | undefined;
    const change = { by: ACTOR, reason: (options["reason"] as string | undefined) ?? null };
    const secrets = await (reference === undefined ? rotateFile(opened, change) : rotateTo(opened, reference, change));
    if (output.json) output.data({ secrets, masterKey: reference ?? opened.masterKeyFile?.name });
    else output.line(`${secrets} ${secrets === 1 ? "secret is" : "secrets are"} encrypted anew.`);
    if (reference !== undefined)
      output.note(
        output.colors.yellow(toSafeLine(`Name the new key in the configuration: state: { masterKey: "${reference}" }`)),
      );
    return EXIT.ok;
  },
};

type Change = Parameters<OpenedSecrets["secrets"]["rotateMasterKey"]>[1];

async function rotateFile({ secrets, masterKeyFile }: OpenedSecrets, change: Change): Promise<number> {
  if (masterKeyFile === null)
    throw new CliError("the configuration names the master key by a reference; name the new one with --new-key");
  const count = await secrets.rotateMasterKey(await masterKeyFile.stage(), change);
  await masterKeyFile.commit();
  return count;
}

async function rotateTo({ secrets, options }: OpenedSecrets, reference: string, change: Change): Promise<number> {
  const source = await createKeyReference(reference, options);
  return secrets.rotateMasterKey(await source.read(null), change);
}
