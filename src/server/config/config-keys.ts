// The one table of configuration keys: what each accepts, its default, what it is for. The check, the defaults and the
// documentation (docs/reference/config.md, held by `config-keys.test.ts`) come from here.
import type { Problem } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import {
  type Check,
  checkInteger,
  checkMembers,
  checkOneOf,
  checkPositive,
  checkThat,
  isPlainObject,
  toReceived,
} from "./check-value.ts";
import type { DefaultQuota, StateConfig, ToolyardConfig } from "./config.ts";

/** Defaults of the keys that have one here; the other keys are handed to the registry as they are. */
export const CONFIG_DEFAULTS: {
  readonly defaultRole: string;
  readonly authentication: boolean;
  readonly defaultQuota: DefaultQuota;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly metricsRetentionMs: number;
} = Object.freeze({
  defaultRole: "USER",
  authentication: true,
  defaultQuota: Object.freeze({ capacity: 100, windowMs: 3_600_000 }),
  timeoutMs: 30_000,
  retries: 3,
  metricsRetentionMs: 86_400_000,
});

export interface ConfigKey {
  /** What is accepted, in words. */
  readonly accepts: string;
  /** The default, in words. */
  readonly default: string;
  readonly description: string;
  readonly check: Check;
}

const key = (accepts: string, fallback: string, description: string, check: Check): ConfigKey =>
  Object.freeze({ accepts, default: fallback, description, check });
const list = checkThat(Array.isArray, "an array");
const quota = checkMembers({ capacity: checkPositive, windowMs: checkPositive }, ["capacity", "windowMs"]);
const texts = checkThat(
  (value) => Array.isArray(value) && value.every((text) => typeof text === "string" && text !== ""),
  "an array of texts",
);
const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isFunction = (value: unknown): boolean => typeof value === "function";

export const CONFIG_KEYS: Readonly<Record<keyof ToolyardConfig, ConfigKey>> = Object.freeze({
  tools: key("array of tools", "none", "The project's tools, made with `defineTool`.", list),
  app: key("anything", "undefined", "Given to every handler as `context.app`.", () => []),
  roles: key(
    "object of role declarations",
    "none",
    "Roles besides ADMIN, USER and GUEST, and what they inherit.",
    checkThat(isPlainObject, 'an object such as { AUDITOR: { inherits: ["GUEST"] } }'),
  ),
  defaultRole: key(
    "name of a role",
    '"USER"',
    "Role of a principal that has none.",
    checkThat(isText, 'the name of a role, such as "USER"'),
  ),
  grants: key("array of grants", "none", "Who may use which tools, besides what the tools say.", list),
  authorizer: key(
    "function",
    "none",
    "Decides in place of the default, to which it may delegate.",
    checkThat(isFunction, "a function"),
  ),
  principals: key(
    "array of { id, tenant?, roles?, scopes?, attributes?, disabled? }",
    "none",
    "What is known of principals, whatever their callers or tokens say; see [settings](../settings.md).",
    list,
  ),
  authentication: key(
    "boolean",
    "true",
    "Whether every call needs a principal. With false, a call without one is made by a trusted admin.",
    checkThat((value) => typeof value === "boolean", "true or false"),
  ),
  defaultQuota: key(
    "{ capacity, windowMs }, or false",
    "{ capacity: 100, windowMs: 3_600_000 }",
    "The quota of every principal: so many units per window of milliseconds. False for none.",
    (value, path) => (value === false ? [] : quota(value, path)),
  ),
  limits: key("array of limits", "none", "Further limits of every call.", list),
  quotaOverrides: key(
    "array of { principal, tenant?, limit, capacity, windowMs?, burst? }",
    "none",
    "Other measures of limits for single principals.",
    list,
  ),
  concurrency: key("array of concurrency limits", "256 per principal", "Calls running at once.", list),
  timeoutMs: key(
    "integer, 1 to 86,400,000",
    "30_000",
    "Deadline of tools that set none, milliseconds.",
    checkInteger(1, 86_400_000),
  ),
  retries: key(
    "integer, 0 to 10",
    "3",
    "Repeats after a failure, where the effect of the tool permits them.",
    checkInteger(0, 10),
  ),
  upstreams: key(
    "object of upstreams",
    "none",
    "The systems behind tools, by the name that a tool's `upstream` says, each with `breaker` and `bulkhead`.",
    checkThat(isPlainObject, "an object such as { crm: { breaker: { failures: 5 } } }"),
  ),
  idempotencyKeepMs: key(
    "integer, 1,000 to 2,592,000,000",
    "86_400_000",
    "How long the outcome of an idempotency key is kept, milliseconds.",
    checkInteger(1_000, 2_592_000_000),
  ),
  results: key(
    "{ maxBytes?, keepMs? }",
    "{ maxBytes: 262_144, keepMs: 3_600_000 }",
    "Most bytes that a model is shown of one result, and how long the rest can be read.",
    checkMembers({ maxBytes: checkInteger(1_024, 16_777_216), keepMs: checkInteger(1_000, 86_400_000) }, []),
  ),
  metricsRetentionMs: key(
    "integer, 60,000 to 2,592,000,000",
    "86_400_000",
    "How long calls count in metrics, milliseconds.",
    checkInteger(60_000, 2_592_000_000),
  ),
  hooks: key(
    "object or array of hooks",
    "none",
    "Functions at the five points of a call.",
    checkThat(isObjectOrArray, "an object of hooks, or an array of them"),
  ),
  state: key(
    "{ dir?, postgres?: { url, schema?, maxConnections?, timeoutMs? }, masterKey?, pepper? }",
    "in memory only",
    'Keeps catalogue, keys, settings, idempotency keys, usage and audit across restarts: in SQLite files in `dir` (".toolyard"), or in PostgreSQL. A `url` with a password is given by reference: `env:NAME` or `file:/path`; so are the keys that secrets are encrypted and API keys hashed under, unless they are the files `master.key` and `pepper.key` in `dir`.',
    checkState,
  ),
  audit: key(
    "{ path?, arguments?, redact?, strict? }",
    "the database of `state`, else none",
    'Records every call. `path`: a file of JSON Lines, for a project without `state`; `arguments` is "none", "redacted" (the default) or "full"; `redact`: names and paths to take out, or to keep as hashes (`hmac`, which needs the key in `TOOLYARD_AUDIT_KEY`); `strict`: with `state`, reads wait for their record too.',
    checkMembers(
      {
        path: checkThat(isText, "a path"),
        arguments: checkOneOf(["none", "redacted", "full"]),
        redact: checkMembers({ keys: texts, paths: texts, hmac: checkMembers({ keys: texts, paths: texts }, []) }, []),
        strict: checkThat((value) => typeof value === "boolean", "true or false"),
      },
      [],
    ),
  ),
});

/** Not the key itself, which would be kept with the code; should it be there, it is not repeated. */
const checkKeyReference: Check = (value, path) => {
  if (typeof value === "string" && /^(?:env|file):./.test(value)) return [];
  const received = typeof value === "string" ? `a text of ${value.length} characters that is none` : toReceived(value);
  return [{ path, message: `received ${received}, expected a reference to the key: env:NAME or file:/path` }];
};

const checkStateMembers = checkMembers(
  {
    dir: checkThat(isText, "the path of a folder"),
    masterKey: checkKeyReference,
    pepper: checkKeyReference,
    postgres: checkMembers(
      {
        url: checkThat(isText, "the URL of a database, or a reference to one: env:NAME or file:/path"),
        schema: checkThat(
          (value) => typeof value === "string" && /^[a-z_][a-z0-9_]{0,62}$/.test(value),
          "1 to 63 of a to z, 0 to 9 and _",
        ),
        maxConnections: checkInteger(1, 1_000),
        timeoutMs: checkInteger(100, 600_000),
      },
      ["url"],
    ),
  },
  [],
);

/** A password does not belong into a file that is kept with the code. */
function checkState(value: unknown, path: string): readonly Problem[] {
  const problems = checkStateMembers(value, path);
  if (problems.length > 0) return problems;
  const url = (value as StateConfig).postgres?.url ?? "";
  if (!URL.canParse(url) || new URL(url).password === "") return [];
  const message = "received a URL with a password; give a reference to it: env:DATABASE_URL, or file:/run/secrets/url";
  return [{ path: `${path}.postgres.url`, message }];
}

function isObjectOrArray(value: unknown): boolean {
  return isObject(value) || Array.isArray(value);
}
