// From a configuration to what the server's parts are made with: every default filled in, frozen.
import type { z } from "zod";
import { toProblemsError } from "../../errors/toolyard-error.ts";
import { deepFreeze } from "../../kernel/freeze.ts";
import { toProblems } from "../problems/index.ts";
import type { ToolyardConfig } from "./config.ts";
import type { EgressSettings } from "./egress-config.ts";
import type { IdentitySettings } from "./identity-config.ts";
import type { ServerSettings } from "./server-config.ts";
import { EGRESS_SCHEMA, toEgress } from "./schema/egress-schema.ts";
import { IDENTITY_SCHEMA, toIdentity } from "./schema/identity-schema.ts";
import { SERVER_SCHEMA, toServer } from "./schema/server-schema.ts";

/** The server's settings. Throws INVALID_CONFIG. */
export function toServerSettings(config: Pick<ToolyardConfig, "server">): ServerSettings {
  return settle("server", SERVER_SCHEMA, config.server ?? {}, toServer);
}

/** Whose tokens are believed. The audience of an issuer that names none is `server.publicUrl`. Throws INVALID_CONFIG. */
export function toIdentitySettings(config: Pick<ToolyardConfig, "server" | "identity">): IdentitySettings {
  const publicUrl = config.server?.publicUrl ?? null;
  return settle("identity", IDENTITY_SCHEMA, config.identity ?? {}, (identity) => toIdentity(identity, publicUrl));
}

/** Whom tools may ask. Throws INVALID_CONFIG. */
export function toEgressSettings(config: Pick<ToolyardConfig, "egress">): EgressSettings {
  return settle("egress", EGRESS_SCHEMA, config.egress ?? {}, toEgress);
}

// A configuration that was loaded has been checked; one that a program made by hand may not have been.
function settle<Input, Settings>(
  name: string,
  schema: z.ZodType<unknown, Input>,
  input: Input,
  toSettings: (input: Input) => Settings,
): Settings {
  const { error } = schema.safeParse(input);
  if (error === undefined) return deepFreeze(toSettings(input));
  const problems = toProblems(error, schema, input).map(({ path, message }) => ({ path: `${name}.${path}`, message }));
  throw toProblemsError("INVALID_CONFIG", "the configuration:", problems);
}
