// `state` and `audit`: what outlives the process.
import { z } from "zod";
import type { RedactionRules } from "../../../index.ts";
import type { AuditConfig, PostgresConfig, StateConfig } from "../config.ts";
import { flag, integer, members, meta, text, texts } from "./members.ts";

/** Not the key itself, which would be kept with the code; should it be there, it is not repeated. */
const keyReference = z
  .string()
  .regex(/^(?:env|file):./)
  .meta({ accepts: "a reference to the key: env:NAME or file:/path", secret: true });

/** A password does not belong into a file that is kept with the code. */
const databaseUrl = text.refine((url) => !URL.canParse(url) || new URL(url).password === "", {
  error: "received a URL with a password; give a reference to it: env:DATABASE_URL, or file:/run/secrets/url",
});

const postgres = members<PostgresConfig>()({
  url: meta(databaseUrl, {
    description: "With a password in it, it is given by reference: `env:NAME` or `file:/path`.",
    accepts: "the URL of a database, or a reference to one: env:NAME or file:/path",
    fallback: "required",
  }),
  schema: meta(
    z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .optional(),
    {
      description: "Holds the tables.",
      accepts: "1 to 63 of a to z, 0 to 9 and _",
      fallback: '"toolyard"',
    },
  ),
  maxConnections: meta(integer(1, 1_000).optional(), { description: "Connections.", fallback: "10" }),
  timeoutMs: meta(integer(100, 600_000).optional(), {
    description: "How long a statement may take, milliseconds.",
    fallback: "5_000",
  }),
});

export const STATE_SCHEMA: z.ZodType<unknown, StateConfig> = members<StateConfig>()({
  dir: meta(text.optional(), {
    description: "Folder of the files, and of the keys that no database may hold; relative to the configuration.",
    accepts: "the path of a folder",
    fallback: '".toolyard"',
    place: true,
  }),
  postgres: meta(postgres.optional(), {
    description: "Keeps it in PostgreSQL; needs the package `pg`.",
    fallback: "SQLite",
  }),
  masterKey: meta(keyReference.optional(), {
    description: "The key that secrets are encrypted under, by reference.",
    fallback: "`master.key` in `dir`",
  }),
  pepper: meta(keyReference.optional(), {
    description: "What API keys are hashed under, by reference.",
    fallback: "`pepper.key` in `dir`",
  }),
});

const named = {
  keys: meta(texts().optional(), { description: "Names of members." }),
  paths: meta(texts().optional(), { description: "Paths into arguments." }),
};

export const AUDIT_SCHEMA: z.ZodType<unknown, AuditConfig> = members<AuditConfig>()({
  path: meta(text.optional(), {
    description:
      "A file of JSON Lines, for a project without `state`, and then required; relative to the configuration.",
    accepts: "a path",
    place: true,
  }),
  arguments: meta(z.enum(["none", "redacted", "full"]).optional(), {
    description: "Which arguments are kept.",
    fallback: '"redacted"',
  }),
  redact: meta(
    members<RedactionRules>()({
      ...named,
      hmac: meta(members<NonNullable<RedactionRules["hmac"]>>()(named).optional(), {
        description: "What is kept as a hash, which needs the key in `TOOLYARD_AUDIT_KEY`.",
        fallback: "nothing",
      }),
    }).optional(),
    { description: "What is taken out of arguments besides what looks secret.", fallback: "nothing" },
  ),
  strict: meta(flag.optional(), {
    description: "Whether reads too are answered only when their record is on the disk; needs `state`.",
    fallback: "false",
  }),
});
