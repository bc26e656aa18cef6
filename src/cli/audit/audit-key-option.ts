// The audit key for the command line: from a file or the environment, never from an argument, which other users of the
// machine can read.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import { parseAuditKey } from "../../audit/chain/index.ts";
import { AUDIT_KEY_VARIABLE } from "../../server/state/index.ts";
import { CliError } from "../cli-error.ts";
import type { Session, VerbOptions } from "../verb.ts";

export function createKeyOption(): Option {
  return new Option(
    "--key-file <path>",
    `a file with the audit key in hexadecimal or base64; without it, ${AUDIT_KEY_VARIABLE}`,
  );
}

/** The key that the options or the environment give; undefined for none. Throws a CliError. */
export async function readKeyOption({ io }: Session, options: VerbOptions): Promise<Uint8Array | undefined> {
  const file = options["keyFile"] as string | undefined;
  const text = file === undefined ? io.env[AUDIT_KEY_VARIABLE] : await readKeyFile(resolve(io.cwd, file), file);
  return text === undefined || text === "" ? undefined : parseAuditKey(text);
}

/** The session in which whatever is written is hashed under the key that the options give. */
export async function withKey(session: Session, options: VerbOptions): Promise<Session> {
  const key = await readKeyOption(session, options);
  if (key === undefined) return session;
  const env = { ...session.io.env, [AUDIT_KEY_VARIABLE]: Buffer.from(key).toString("hex") };
  return { ...session, io: { ...session.io, env } };
}

async function readKeyFile(path: string, given: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CliError(`--key-file ${given}: ${(error as Error).message}`, { cause: error });
  }
}
