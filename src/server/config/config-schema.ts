// The one schema of the configuration. The types (`config.ts` and the files of its sections) are held to it by the compiler, and
// from it come the check, the defaults, the variables of the environment, the JSON Schema and docs/reference/config.md.
import { z } from "zod";
import { isObject } from "../../kernel/json.ts";
import type { ToolyardConfig } from "./config.ts";
import { EGRESS_SCHEMA } from "./schema/egress-schema.ts";
import { IDENTITY_SCHEMA } from "./schema/identity-schema.ts";
import { checked, members, meta, type Shape } from "./schema/members.ts";
import { CODE_SHAPE, type CodeKey, REGISTRY_SHAPE } from "./schema/registry-schema.ts";
import { SERVER_SCHEMA } from "./schema/server-schema.ts";
import { AUDIT_SCHEMA, STATE_SCHEMA } from "./schema/state-schema.ts";

const object = checked<Readonly<Record<string, unknown>>>(isObject, "an object", "object");

const DATA_SHAPE: Shape<Omit<ToolyardConfig<never>, CodeKey>> = {
  ...REGISTRY_SHAPE,
  state: meta(STATE_SCHEMA.optional(), {
    description:
      "Keeps catalogue, keys, settings, idempotency keys, usage and audit across restarts: in SQLite files, or in PostgreSQL.",
    fallback: "in memory only",
  }),
  audit: meta(AUDIT_SCHEMA.optional(), {
    description: "Records every call.",
    fallback: "the database of `state`, else none",
  }),
  server: meta(SERVER_SCHEMA.prefault({}), { description: "The HTTP server." }),
  identity: meta(IDENTITY_SCHEMA.prefault({}), { description: "Who callers of the server are.", reload: true }),
  egress: meta(EGRESS_SCHEMA.prefault({}), {
    description: "Whom tools over HTTP may ask, and which secrets they may send.",
    reload: true,
  }),
  httpTools: meta(z.array(object).optional(), {
    description: "Tools over HTTP, as data; see [HTTP tools](../http-tools.md).",
    accepts: "an array of definitions of HTTP tools",
    reload: true,
  }),
};

/** What a program may configure. */
export const CONFIG_SCHEMA: z.ZodType<unknown, ToolyardConfig<never>> = members<ToolyardConfig<never>>()({
  ...CODE_SHAPE,
  ...DATA_SHAPE,
});

/** What a YAML or JSON file may: everything that is no code. */
export const DATA_SCHEMA: z.ZodType<unknown, Omit<ToolyardConfig<never>, CodeKey>> = members<
  Omit<ToolyardConfig<never>, CodeKey>
>()(DATA_SHAPE);

/** Keys that only a program can hold. */
export const CODE_KEYS: readonly string[] = Object.freeze(Object.keys(CODE_SHAPE));
