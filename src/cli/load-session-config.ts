// The configuration that a command works with: the file that the session names, or the nearest, under what the environment says.
import { type LoadedConfig, resolveConfig } from "../server/config/index.ts";
import type { Session } from "./verb.ts";

/** Rejects with INVALID_CONFIG. @returns null when there is no file */
export async function loadSessionConfig({ config, io }: Pick<Session, "config" | "io">): Promise<LoadedConfig | null> {
  // Where the state is, `findState` decides: a project with an audit file of its own may be given a folder too.
  const { TOOLYARD_DATA_DIR: _dir, ...env } = io.env;
  const resolved = await resolveConfig({ path: config, from: io.cwd, env });
  return resolved.file === null ? null : { config: resolved.config, file: resolved.file };
}
