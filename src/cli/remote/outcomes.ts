// `toolyard outcomes …` of a server.
import type { Client } from "../../client/index.ts";
import type { UnknownOutcome } from "../../index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printOutcomes } from "../outcomes/list-verb.ts";
import { printResolved, readReport } from "../outcomes/resolve-verb.ts";
import type { Remote, Session } from "../verb.ts";
import { parseExactJson } from "./exact-json.ts";

export async function listOutcomesRemotely({ output }: Session, { client, options }: Remote): Promise<ExitCode> {
  const { tool, tenant, limit } = options as NonNullable<Parameters<Client["listOutcomes"]>[0]>;
  const { outcomes, next } = await client.listOutcomes({ tool, tenant, limit });
  // The server does not count what it does not list.
  const isAll = tool === undefined && tenant === undefined && next === null;
  printOutcomes(output, outcomes as unknown as readonly UnknownOutcome[], isAll ? outcomes.length : null);
  return EXIT.ok;
}

export async function resolveOutcomeRemotely(session: Session, { client, args, options }: Remote): Promise<ExitCode> {
  const [id = ""] = args;
  const body = await readReport(session, options, parseExactJson);
  await client.resolveOutcome({ id, reason: options["reason"] as string, body });
  printResolved(session, id, body.effect);
  return EXIT.ok;
}
