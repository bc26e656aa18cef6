// Where a command does its work: here, or at a server whose address it was given.
import type { ExitCode } from "./exit-code.ts";
import type { Session, Typed, Verb } from "./verb.ts";

const URL_VARIABLE = "TOOLYARD_URL";

/** Runs a command. Commands without a remote form work here, whatever the environment says. */
export async function runVerb(verb: Verb, session: Session, typed: Typed): Promise<ExitCode> {
  const { args, options } = typed;
  if (verb.remote === undefined) return verb.run(session, args, options);
  const source = options["url"] === undefined ? URL_VARIABLE : "--url";
  const url = (options["url"] as string | undefined) ?? session.io.env[URL_VARIABLE] ?? "";
  if (source === URL_VARIABLE && url === "") return verb.run(session, args, options);
  // Who works here loads nothing of it.
  const { runRemotely } = await import("./remote/run-remotely.ts");
  return runRemotely(verb.remote, session, typed, { url, source });
}
