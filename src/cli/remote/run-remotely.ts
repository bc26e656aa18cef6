// A command whose work is done by a server.
import { ToolyardClientError } from "../../client/index.ts";
import { CliError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { RemoteForm, Session, Typed } from "../verb.ts";
import { type Address, openClient } from "./open-client.ts";
import { RemoteError } from "./remote-error.ts";
import { toRemoteError } from "./to-remote-error.ts";

/** Options of every command that are about what is here. */
const LOCAL: readonly string[] = ["config", "data"];

export async function runRemotely(
  form: RemoteForm,
  session: Session,
  typed: Typed,
  address: Address,
): Promise<ExitCode> {
  assertMeaningful(form, typed, address);
  const client = openClient(session.io, address, form.isPatient === true);
  try {
    return await form.run(session, { ...typed, client });
  } catch (error) {
    if (error instanceof ToolyardClientError) throw toRemoteError(error, address.url);
    // The client's own, about a value: `getTool: ref: received ".", expected a name`.
    const [, what] = error instanceof TypeError ? (/^[a-z]+[A-Z]\w*: (\w+: .+)$/s.exec(error.message) ?? []) : [];
    if (what !== undefined) throw new CliError(what, { cause: error });
    throw error instanceof TypeError || error instanceof RangeError ? toStrange(error, address) : error;
  }
}

/** What came cannot be read: it is JSON, and of something else. */
function toStrange(cause: Error, { url }: Address): RemoteError {
  const message = `${url}: the answer is not one of a Toolyard server (UNEXPECTED_ANSWER); --debug prints what is missing`;
  return new RemoteError(message, { code: "UNEXPECTED_ANSWER", exitCode: EXIT.usage, cause });
}

function assertMeaningful({ refuses }: RemoteForm, { given }: Typed, { source }: Address): void {
  const strange = [...refuses, ...LOCAL].filter((name) => given.has(name)).map((name) => `--${name}`);
  if (strange.length === 0) return;
  throw new CliError(
    `${strange.join(", ")}: cannot be used with ${source}: the server has its own tools and state, and knows by the key who calls.\n` +
      (source === "--url" ? "Leave out the one or the other." : `To work here, set ${source} to nothing.`),
  );
}
