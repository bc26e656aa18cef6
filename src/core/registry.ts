// What users hold: the type of a registry and of its options. `create-registry.ts` makes one.
import type { CallEvent } from "../call/event.ts";
import type { Outcome } from "../call/outcome.ts";
import type { PrincipalInput } from "../call/principal.ts";
import type { Clock } from "../kernel/clock.ts";
import type { IdSource } from "../kernel/ids.ts";
import type { Random } from "../kernel/random.ts";
import type { Authorizer, Explanation, Grant, RoleDeclaration } from "../authz/index.ts";
import type { Metering, MeteringOptions, ToolUsage } from "../metering/index.ts";
import type { Hooks } from "../pipeline/hooks.ts";
import type { ArtefactStore } from "../ports/artefact-store.ts";
import type { AuditSink } from "../ports/audit-sink.ts";
import type { QuotaAnswer, QuotaOverride, QuotaOverrideSpec, QuotaState } from "../quota/index.ts";
import type { CacheStore } from "../ports/cache-store.ts";
import type { IdempotencyStore } from "../ports/idempotency-store.ts";
import type { OutcomeStore } from "../ports/outcome-store.ts";
import type { QuotaStore, SlotStore } from "../ports/quota-store.ts";
import type { AnyTool, Tool } from "../tool/definition.ts";
import type { ConcurrencyLimit, Limit } from "../tool/limit.ts";
import type { ToolSource } from "../tool/source.ts";
import type { Deprecation, Status, ToolDescription } from "../tool/tool-version.ts";
import type { BreakerPolicy, BulkheadPolicy, RetryPolicy } from "../tool/resilience.ts";
import type { AuditOptions } from "../audit/index.ts";
import type { ActOptions, ActOrigin, Force } from "./catalogue/act-options.ts";
import type { CallOptions, CallRequest, ExecuteAllOptions } from "./call-options.ts";
import type { Channels, Defaults } from "./catalogue/pointers.ts";
import type { PublishOptions } from "./catalogue/publishing.ts";
import type { Rollouts } from "./catalogue/rollouts.ts";
import type { ToolLife } from "./catalogue/tool-life.ts";
import type { RegistryEvents } from "./registry-events.ts";
import type { PrincipalDeclaration, QuotaOverrideDeclaration } from "./settings/declared-settings.ts";
import type { Declaration, RedeclareOptions } from "./settings/redeclare.ts";
import type { Settings } from "./settings/settings.ts";
import type { Stops } from "./stops/stops.ts";
import type { UsageHistoryFilter, UsageHistoryRow } from "./usage-history.ts";
import type { Health, Outcomes, Results } from "./operations.ts";

export interface RegistryOptions<App = unknown> {
  /** Given to every handler as `context.app`. */
  readonly app?: App;
  /** Registered at once, all or none. @default none */
  readonly tools?: readonly AnyTool<App>[];
  /** Lets versions in `tools` through whose numbers say less than their contracts change. @default refused: CONTRACT_BROKEN */
  readonly force?: Force;
  /**
   * What makes tools of definitions that are data, for `publishData` and of those that are stored: `{ http: createHttpSource({ egress }) }`.
   * @default none
   */
  readonly sources?: Readonly<Record<string, ToolSource<App>>>;
  /** Roles besides ADMIN, USER and GUEST, and what they inherit. @default none */
  readonly roles?: Readonly<Record<string, RoleDeclaration>>;
  /** @default none */
  readonly grants?: readonly Grant[];
  /** Decides in place of the default, to which it may delegate. */
  readonly authorizer?: Authorizer;
  /** What is known of principals, whatever their callers or tokens say: field by field in place of that. @default nothing */
  readonly principals?: readonly PrincipalDeclaration[];
  /** Limits of every call. @default 100 units per 60 minutes per principal */
  readonly limits?: readonly Limit[];
  /** Other measures of limits for single principals. @default none */
  readonly quotaOverrides?: readonly QuotaOverrideDeclaration[];
  /** Calls running at once. @default 256 per principal */
  readonly concurrency?: readonly ConcurrencyLimit[];
  /** Roles of a principal that has none. @default "USER" */
  readonly defaultRole?: string;
  /**
   * Whether every call needs a principal. Without one, and with `false`, the caller is trusted code of this process: the
   * principal `local`, an admin.
   * @default false
   */
  readonly requirePrincipal?: boolean;
  /** Deadline of a call, milliseconds. @default 30,000 */
  readonly timeoutMs?: number;
  /** Repeats of tools that say nothing of them, where the effect permits it; false: none. @default 3 repeats */
  readonly retry?: RetryPolicy | false;
  /** The systems behind tools, by the name that a tool's `upstream` says. @default none */
  readonly upstreams?: Readonly<Record<string, UpstreamOptions>>;
  /** How long the outcome of an idempotency key is kept, milliseconds, 1,000 to 2,592,000,000 (30 days). @default 24 hours */
  readonly idempotencyKeepMs?: number;
  /** How results are shown to models. */
  readonly results?: ResultsOptions;
  readonly hooks?: Hooks | readonly Hooks[];
  /** @default kept in memory for 24 hours */
  readonly metering?: MeteringOptions;
  /** Where every call is recorded. @default nowhere */
  readonly audit?: AuditSink | AuditOptions;
  /** @default memory, at most 100,000 quotas */
  readonly quotaStore?: QuotaStore;
  /** @default memory */
  readonly slotStore?: SlotStore;
  /** @default memory, at most 100,000 keys and 64 MiB of outcomes */
  readonly idempotencyStore?: IdempotencyStore;
  /** Where calls are listed whose effect is not known. @default memory */
  readonly outcomeStore?: OutcomeStore;
  /** @default memory, at most 64 MiB */
  readonly cacheStore?: CacheStore;
  /** Where results are kept that are too large to be shown. @default memory, at most 64 MiB */
  readonly artefactStore?: ArtefactStore;
  /** Time, randomness and ids; for tests. @default the system's */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly ids?: IdSource;
}

/** What the tools of one upstream share. They also share a retry budget, which needs no policy. */
export interface UpstreamOptions {
  /** @default none */
  readonly breaker?: BreakerPolicy;
  /** @default none */
  readonly bulkhead?: BulkheadPolicy;
}

export interface ResultsOptions {
  /** Most bytes of UTF-8 that a model is shown of one result, 1,024 to 16,777,216. @default 262,144 */
  readonly maxBytes?: number;
  /** How long what was not shown can be read, milliseconds, 1,000 to 86,400,000. @default 3,600,000 (an hour) */
  readonly keepMs?: number;
}

export interface ListFilter {
  readonly category?: string;
  readonly tag?: string;
  /** Words that all occur in name, title, description or tags. */
  readonly text?: string;
  /** Only what this principal may see. @default everything */
  readonly principal?: PrincipalInput;
  /** @default "active" and "deprecated" */
  readonly status?: Status | "any";
}

/** What `check` found wrong; empty when all is well. */
export interface CheckReport {
  readonly ok: boolean;
  /** How many versions were checked. */
  readonly checked: number;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

export interface Permissions {
  /** Who may use the tool from now on, in place of its definition. Rejects for an unknown tool or role. */
  set(name: string, roles: readonly string[], options?: ActOrigin): Promise<void>;
  /** The roles that may use it. */
  get(name: string): readonly string[];
  /** Back to what the definition says. */
  clear(name: string, options?: ActOrigin): Promise<void>;
  /** Whether the principal may call the tool with some arguments, or with `input`. */
  check(principal: PrincipalInput, ref: string, input?: unknown): boolean;
  /** The same, with the rule that decides and why. */
  explain(principal: PrincipalInput, ref: string, input?: unknown): Explanation;
  /** Whether the principal has the role or one that inherits it; a disabled one has none. */
  holds(principal: PrincipalInput, role: string): boolean;
}

export interface Grants {
  list(): readonly Grant[];
  /** Adds grants, all or none; rejects a bad one with its path. Over stores each needs a name that is not taken, and no condition. */
  add(...grants: Grant[]): Promise<void>;
  /** Removes the grants of that name. Resolves to how many. */
  remove(name: string, options?: ActOrigin): Promise<number>;
}

export interface Quotas {
  /** Whether a call of `ref` costing `cost` would be admitted now; takes nothing. */
  check(principal: PrincipalInput, ref?: string, cost?: number): Promise<QuotaAnswer>;
  /** Takes `cost` units outside a call. */
  consume(principal: PrincipalInput, ref?: string, cost?: number): Promise<QuotaAnswer>;
  /** The state of each limit that applies: the registry's, and those of the tool when `ref` is given. */
  remaining(principal: PrincipalInput, ref?: string): Promise<readonly QuotaState[]>;
  /** Makes the principal's quotas whole. */
  reset(principal: PrincipalInput, ref?: string, options?: ActOrigin): Promise<void>;
  /** Another capacity for one principal; null takes the override back. Rejects an unknown limit. */
  override(
    principal: PrincipalInput,
    limit: string,
    spec: QuotaOverrideSpec | null,
    options?: ActOrigin,
  ): Promise<void>;
  /** The overrides in force, oldest first. */
  overrides(): readonly QuotaOverride[];
}

export interface Registry<App = unknown> {
  /** Publishes tools, all or none. Rejects with INVALID_DEFINITION that lists every problem, or ALREADY_PUBLISHED. */
  register(...tools: readonly AnyTool<App>[]): Promise<readonly ToolDescription[]>;
  /**
   * The same with options. Rejects with CONTRACT_BROKEN, too, when a version changes more than its number says: it names the
   * smallest version that would do.
   */
  publish(tools: readonly AnyTool<App>[], options?: PublishOptions): Promise<readonly ToolDescription[]>;
  /**
   * Publishes at most 100 definitions that are data, all or none. Each has the name of its source as a field (`http`), and is untrusted.
   * Rejects like `publish`; with ALREADY_PUBLISHED also for a version that is stored with other content and cannot be called here.
   */
  publishData(definitions: readonly unknown[], options?: PublishOptions): Promise<readonly ToolDescription[]>;
  /**
   * Takes the code of a version (`name@1.2.0`) or a whole tool (`name`) out of this registry. Resolves to whether there was one.
   * Running calls end. What is stored of it stays: `delete` is what removes a version for good.
   */
  unregister(ref: string, options?: ActOptions): Promise<boolean>;
  has(ref: string, options?: { readonly principal?: PrincipalInput }): boolean;
  get(ref: string, options?: { readonly principal?: PrincipalInput }): ToolDescription | undefined;
  /** The version that each tool resolves to, by name. */
  list(filter?: ListFilter): readonly ToolDescription[];
  /** All versions, highest first. */
  versions(name: string): readonly ToolDescription[];
  /** Makes a staged version active. The acts on versions resolve to what is known of the tool afterwards. */
  activate(ref: string, options?: ActOptions): Promise<ToolLife>;
  deprecate(
    ref: string,
    deprecation: { readonly message: string; readonly sunsetAt?: number; readonly successor?: string },
    options?: ActOptions,
  ): Promise<ToolLife>;
  /** Ends calls of the version at once, whatever leads to it. */
  retire(ref: string, options?: ActOptions): Promise<ToolLife>;
  /** Makes a deprecated or retired version active again. */
  restore(ref: string, options?: ActOptions): Promise<ToolLife>;
  /** Removes a version that was never called and that nothing leads to. Rejects with STATE_CONFLICT otherwise. */
  delete(ref: string, options?: ActOptions): Promise<void>;
  /** The states of all versions of a tool, what leads to them, and its revision; undefined when there is no such tool. */
  life(name: string): ToolLife | undefined;
  readonly channels: Channels;
  readonly defaults: Defaults;
  readonly rollouts: Rollouts;
  /** Compiles every schema and validates every example. */
  check(): Promise<CheckReport>;
  on<E extends keyof RegistryEvents>(event: E, listener: (payload: RegistryEvents[E]) => void): () => void;

  /**
   * Calls a tool. Refusals and failures are outcomes; only options that do not exist or cannot be meant reject, with
   * INVALID_OPTION. The same holds for `executeAll` and `stream`.
   */
  execute(ref: string, input: unknown, options?: CallOptions): Promise<Outcome>;
  // Last, because the compiler explains a wrong call by its last overload.
  execute<Input, Output>(
    tool: Tool<Input, Output, never>,
    input: Input,
    options?: CallOptions,
  ): Promise<Outcome<Output>>;
  /** Calls several; one outcome per call, in order. */
  executeAll(calls: readonly CallRequest[], options?: ExecuteAllOptions): Promise<readonly Outcome[]>;
  /** Calls a tool and yields its progress and partials; the last event is the outcome. Leaving the loop cancels. */
  stream(ref: string, input: unknown, options?: CallOptions): AsyncGenerator<CallEvent, void, undefined>;
  stream<Input, Output>(
    tool: Tool<Input, Output, never>,
    input: Input,
    options?: CallOptions,
  ): AsyncGenerator<CallEvent<Output>, void, undefined>;

  /**
   * What the program declares from now on, in place of all it declared before: as if the registry had been opened with it over what is
   * stored. Settings of ids that it declares are shadowed, those of ids that it lets go of come back; grants that were added stay, and
   * quotas keep what was used. All or nothing: rejects as opening does, with INVALID_OPTION, UNKNOWN_ROLE, UNKNOWN_LIMIT, or for its tools
   * like `publish`, with AUDIT_FAILED or STORE_FAILED, and then nothing has changed.
   */
  redeclare(declared: Declaration<App>, options?: RedeclareOptions): Promise<void>;
  /** What operators set at run time: roles, grants, permissions, principals, limits, overrides. */
  readonly settings: Settings;
  /** What operators have stopped: the kill switch. */
  readonly stops: Stops;
  readonly permissions: Permissions;
  readonly grants: Grants;
  readonly quotas: Quotas;
  readonly outcomes: Outcomes;
  readonly results: Results;
  /** Breakers and bulkheads of tools that were called, and of upstreams. */
  health(): Promise<Health>;
  readonly metering: Metering;
  /** Usage of one tool (all its versions, or one) or, without `ref`, of every tool that was called. */
  usage(ref: string): ToolUsage;
  usage(): readonly ToolUsage[];
  /** Usage that was kept, by the minute or the hour, other processes' too. Empty for a registry in memory. */
  usageHistory(filter: UsageHistoryFilter): Promise<readonly UsageHistoryRow[]>;
  /** Refuses new calls with CLOSED, waits for running ones up to `graceMs` (default 10,000), flushes the audit. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type { CallOptions, CallRequest, Deprecation, ExecuteAllOptions };
export type { RegistryEvents } from "./registry-events.ts";
