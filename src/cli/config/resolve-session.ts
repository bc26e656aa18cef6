// The configuration in force for a command line: its flags over the environment over the file.
import { resolve } from "node:path";
import { resolveConfig, type ResolvedConfig } from "../../server/config/index.ts";
import type { Session } from "../verb.ts";

/** Rejects with INVALID_CONFIG. */
export async function resolveSession({ config, data, io }: Session): Promise<ResolvedConfig> {
  const dir = data === undefined ? undefined : resolve(io.cwd, data);
  return resolveConfig({ path: config, from: io.cwd, env: io.env, overrides: { "state.dir": dir } });
}
