// `toolyard keys create`: a new API key, shown once.
import { Option } from "commander";
import type { KeyInput } from "../../keys/index.ts";
import { parseRole } from "../caller.ts";
import { ACTOR, openSessionKeys, type OpenedKeys } from "../credentials.ts";
import { EXIT } from "../exit-code.ts";
import { loadSessionConfig } from "../load-session-config.ts";
import { createUrlOption, type Session, type Verb, type VerbOptions } from "../verb.ts";
import { createExpiresOption, parseNames, printCreated, toLifetime } from "./key-options.ts";

export const keysCreateVerb: Verb = {
  name: "keys create",
  summary: "make an API key and print it, this once",
  arguments: [],
  options: [
    new Option("--principal <id>", "whom calls with the key are made by").makeOptionMandatory(),
    new Option("--tenant <tenant>", "the tenant of the principal").default("default"),
    new Option("--name <text>", "what the key is for, for people; without it, the principal"),
    new Option("--env <word>", "a word in the key that tells where it is for, such as live or test").default("live"),
    new Option(
      "--roles <names>",
      "with commas between them; without it, the roles that the principal has anyway",
    ).argParser(parseNames),
    new Option("--scopes <names>", "with commas between them; without it, none").argParser(parseNames),
    createExpiresOption("how long it works: 12h, 90d, or never; without it, 90d"),
    createUrlOption(),
  ],
  examples: [
    { command: "keys create --principal ci --roles USER --expires 30d", does: "the key alone is printed" },
    { command: "keys create --principal ci --json", does: "the key with its id and its end, for programs" },
  ],
  remote: {
    refuses: [],
    run: async (...asked) => (await import("../remote/keys.ts")).createKeyRemotely(...asked),
  },
  async run(session, _args, options) {
    await using opened = await openSessionKeys(session);
    const roles = await readRoles(session, opened, options["roles"] as readonly string[] | undefined);
    const created = await opened.keys.create({
      principal: options["principal"] as string,
      tenant: options["tenant"] as string,
      env: options["env"] as string,
      roles,
      ...pick(options, "name"),
      ...pick(options, "scopes"),
      ...toLifetime(options),
      by: ACTOR,
    });
    printCreated(session, created);
    return EXIT.ok;
  },
};

/** The roles as they are written where they are declared: a mistyped one would make a key that may do nothing. */
async function readRoles(
  session: Session,
  { state }: OpenedKeys,
  names: readonly string[] | undefined,
): Promise<readonly string[] | null> {
  if (names === undefined) return null;
  const loaded = await loadSessionConfig(session);
  const stored = await state.settings.page("role", null, 1_000);
  const known = [...Object.keys(loaded?.config.roles ?? {}), ...stored.map(({ id }) => id)];
  return names.map((name) => parseRole(name, known));
}

/** What was not given is left to the defaults. */
function pick(options: VerbOptions, key: keyof KeyInput): Partial<KeyInput> {
  return options[key] === undefined ? {} : { [key]: options[key] };
}
