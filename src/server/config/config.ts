// What a project writes into its `toolyard.config.ts`. The schema (`config-schema.ts`) is held to these types by the compiler.
import type {
  ArgumentKeeping,
  AnyTool,
  Authorizer,
  ConcurrencyLimit,
  Grant,
  Hooks,
  Limit,
  PrincipalDeclaration,
  QuotaOverrideDeclaration,
  RedactionRules,
  ResultsOptions,
  RoleDeclaration,
  UpstreamOptions,
} from "../../index.ts";
import type { EgressConfig } from "./egress-config.ts";
import type { IdentityConfig } from "./identity-config.ts";
import type { ServerConfig } from "./server-config.ts";

/** The quota of every principal. */
export interface DefaultQuota {
  /** Calls per window, over 0. */
  readonly capacity: number;
  /** Milliseconds, over 0. */
  readonly windowMs: number;
}

/** The audit trail: a file of JSON Lines, or, for a project with `state`, the chained trail in its database. */
export interface AuditConfig {
  /** The file, relative to the configuration; for a project without `state`, and then required. */
  readonly path?: string;
  /** Which arguments are kept. @default "redacted" */
  readonly arguments?: ArgumentKeeping;
  /** What to take out of arguments, or to keep as a hash under the audit key, besides what looks secret. @default nothing */
  readonly redact?: RedactionRules;
  /** Whether reads too are answered only when their record is on the disk; for a project with `state`. @default false */
  readonly strict?: boolean;
}

/** Where what outlives the process is kept: in files of SQLite, or in PostgreSQL. */
export interface StateConfig {
  /** Folder of the files, and of the keys that no database may hold; relative to the configuration. @default ".toolyard" */
  readonly dir?: string;
  /** Keeps it in PostgreSQL; needs the package `pg`. @default SQLite */
  readonly postgres?: PostgresConfig;
  /** The key that secrets are encrypted under, by reference: `env:NAME` or `file:/path`. @default `master.key` in `dir`, made at first use */
  readonly masterKey?: string;
  /** What API keys are hashed under, by reference: `env:NAME` or `file:/path`. @default `pepper.key` in `dir`, made at first use */
  readonly pepper?: string;
}

export interface PostgresConfig {
  /** `postgres://user@host:port/database`, or, with a password in it, a reference: `env:NAME` or `file:/path`. */
  readonly url: string;
  /** Holds the tables. @default "toolyard" */
  readonly schema?: string;
  /** Connections, 1 to 1,000. @default 10 */
  readonly maxConnections?: number;
  /** How long a statement may take, milliseconds, 100 to 600,000. @default 5,000 */
  readonly timeoutMs?: number;
}

export interface ToolyardConfig<App = unknown> {
  /** The project's tools. @default none */
  readonly tools?: readonly AnyTool<App>[];
  /** Given to every handler as `context.app`. @default undefined */
  readonly app?: App;
  /** Roles besides ADMIN, USER and GUEST. @default none */
  readonly roles?: Readonly<Record<string, RoleDeclaration>>;
  /** Role of a principal that has none. @default "USER" */
  readonly defaultRole?: string;
  /** Who may use which tools, besides what the tools say. @default none */
  readonly grants?: readonly Grant[];
  /** Decides in place of the default, to which it may delegate. @default none */
  readonly authorizer?: Authorizer;
  /** What is known of principals, whatever their callers or tokens say: field by field in place of that. @default nothing */
  readonly principals?: readonly PrincipalDeclaration[];
  /** Whether every call needs a principal. @default true */
  readonly authentication?: boolean;
  /** The quota of every principal; false for none. @default 100 calls per 60 minutes */
  readonly defaultQuota?: DefaultQuota | false;
  /** Further limits of every call. @default none */
  readonly limits?: readonly Limit[];
  /** Other measures of limits for single principals. @default none */
  readonly quotaOverrides?: readonly QuotaOverrideDeclaration[];
  /** Calls running at once. @default 256 per principal */
  readonly concurrency?: readonly ConcurrencyLimit[];
  /** Deadline of a call, milliseconds, 1 to 86,400,000. @default 30,000 */
  readonly timeoutMs?: number;
  /** Repeats after a failure, where the effect permits them, 0 to 10. @default 3 */
  readonly retries?: number;
  /** The systems behind tools, by the name that a tool's `upstream` says. @default none */
  readonly upstreams?: Readonly<Record<string, UpstreamOptions>>;
  /** How long the outcome of an idempotency key is kept, milliseconds, 1,000 to 2,592,000,000. @default 86,400,000 (24 h) */
  readonly idempotencyKeepMs?: number;
  /** How results are shown to models. @default 262,144 bytes, the rest readable for an hour */
  readonly results?: ResultsOptions;
  /** How long calls count in metrics, milliseconds, 60,000 to 2,592,000,000. @default 86,400,000 (24 h) */
  readonly metricsRetentionMs?: number;
  /** Extends the walk of a call. @default none */
  readonly hooks?: Hooks | readonly Hooks[];
  /** Keeps catalogue, keys, settings, idempotency keys, usage and audit across restarts. @default in memory only */
  readonly state?: StateConfig;
  /** Where every call is recorded. @default the database of `state`; without one, nowhere */
  readonly audit?: AuditConfig;
  /** The HTTP server. @default 127.0.0.1:8321 */
  readonly server?: ServerConfig;
  /** Who callers of the server are. @default only API keys are believed */
  readonly identity?: IdentityConfig;
  /** Whom tools over HTTP may ask, and which secrets they may send. @default no private network, no secret */
  readonly egress?: EgressConfig;
  /** Tools over HTTP, as data (`HttpToolDefinition` of `toolyard/http`). @default none */
  readonly httpTools?: readonly unknown[];
}

/** Declares a configuration and gives it its types; `loadConfig` checks it. Returns what it was given. */
export function defineConfig<App = unknown>(config: ToolyardConfig<App>): ToolyardConfig<App> {
  return config;
}
