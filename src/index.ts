// The core surface of Toolyard: what `import … from "toolyard"` gives, name by name.
export { createRegistry } from "./core/create-registry.ts";
export { openRegistry, type OpenRegistryOptions } from "./core/open-registry.ts";
export { toSettingId } from "./core/settings/setting-rules.ts";
export { readIfMatch, toETag } from "./core/catalogue/etag.ts";
export { readToolLives } from "./core/catalogue/read-tool-lives.ts";
export type { ActOptions, ActOrigin, Force } from "./core/catalogue/act-options.ts";
export type { Channels, DefaultOptions, Defaults } from "./core/catalogue/pointers.ts";
export type { PublishOptions } from "./core/catalogue/publishing.ts";
export type { RolloutOptions, Rollouts, StopOptions } from "./core/catalogue/rollouts.ts";
export type {
  ChannelPointer,
  DefaultPointer,
  RolloutState,
  ToolLife,
  VersionLife,
} from "./core/catalogue/tool-life.ts";
export type {
  CatalogAnswer,
  CatalogChange,
  CatalogPage,
  CatalogStore,
  Change,
  NewVersion,
  StoredTool,
  StoredVersion,
} from "./ports/catalog-store.ts";
export type { PrincipalDeclaration, QuotaOverrideDeclaration } from "./core/settings/declared-settings.ts";
export type { Stop } from "./core/stops/stop-table.ts";
export type { StopScope } from "./core/stops/stop-scope.ts";
export type { StopActOptions, Stops } from "./core/stops/stops.ts";
export type { Declaration, RedeclareOptions } from "./core/settings/redeclare.ts";
export type { SettingBodies, Settings, SettingState } from "./core/settings/settings.ts";
export type { StoredPrincipal } from "./core/settings/stored-principals.ts";
export { readUsageHistory, type UsageHistoryFilter, type UsageHistoryRow } from "./core/usage-history.ts";
export type { UsageRetention } from "./metering/index.ts";
export type { Ledger, LedgerState } from "./ports/ledger.ts";
export type { Setting, SettingKind, SettingStore } from "./ports/setting-store.ts";
export type { StoreReaders, Stores } from "./ports/stores.ts";
export type { QuotaLevel, QuotaLevelStore } from "./ports/quota-level-store.ts";
export type { UsageFilter, UsageRow, UsageStore } from "./ports/usage-store.ts";
export type {
  CallOptions,
  CallRequest,
  CheckReport,
  ExecuteAllOptions,
  Grants,
  ListFilter,
  Permissions,
  Quotas,
  Registry,
  RegistryEvents,
  RegistryOptions,
  ResultsOptions,
  UpstreamOptions,
} from "./core/registry.ts";

export { createToolkit, defineTool } from "./tool/define-tool.ts";
export type { CallerOutput, DefineTool, Toolkit } from "./tool/define-tool.ts";
export type { AnyTool, HandlerOutput, Tool, ToolDefinition, ToolProperties } from "./tool/definition.ts";
export type { DefinitionSource, ToolSource } from "./tool/source.ts";
export type { Access } from "./tool/access.ts";
export { EFFECT_DEFAULTS, type Effect, type EffectDefaults } from "./tool/effect.ts";
export type {
  BreakerChange,
  BreakerPolicy,
  BreakerState,
  BulkheadPolicy,
  CachePolicy,
  CacheScope,
  ConsecutiveBreaker,
  EffectReport,
  Fallback,
  FallbackReason,
  ResultPolicy,
  RetryPolicy,
  SamplingBreaker,
  StatusCheck,
  StatusContext,
} from "./tool/resilience.ts";
export type { ConcurrencyLimit, Cost, Limit, LimitScope } from "./tool/limit.ts";
export type { JsonSchema, SchemaInput, SchemaOutput, ToolSchema } from "./tool/schema/schema.ts";
export { formatIssues } from "./tool/schema/format-issues.ts";
export { withJsonSchema } from "./tool/schema/with-json-schema.ts";
export { checkBump, diffContracts, readToolVersion } from "./tool/contract/index.ts";
export type {
  Bump,
  BumpCheck,
  ChangeClass,
  ContractChange,
  ContractDiff,
  ReadToolVersion,
} from "./tool/contract/index.ts";
export { parseToolRef, type ParsedRef, type ToolRef } from "./tool/tool-ref.ts";
export type { Deprecation, RolloutKind, Status, ToolDescription, ToolVersion } from "./tool/tool-version.ts";

export { Role } from "./authz/index.ts";
export type {
  AuthorizationRequest,
  Authorizer,
  Condition,
  Decision,
  Explanation,
  Grant,
  RoleDeclaration,
} from "./authz/index.ts";

export { createPrincipal, type Principal, type PrincipalInput } from "./call/principal.ts";
export type { ContentPart } from "./call/content.ts";
export type { HandlerResult, ToolContext } from "./call/context.ts";
export type { CallEvent, HandlerEvent, PartialEvent, ProgressEvent } from "./call/event.ts";
export { type Coercion, formatPath, type Issue } from "./call/issue.ts";
export { toModelText } from "./call/model-text.ts";
export type {
  Continuation,
  Degradation,
  Failure,
  Outcome,
  OutcomeError,
  OutcomeMeta,
  Success,
  Warning,
} from "./call/outcome.ts";

export {
  type Audience,
  ERROR_CODES,
  type ErrorCode,
  type ErrorRow,
  FAULT_CODES,
  type FaultCode,
} from "./errors/codes.ts";
export type { BreakerHealth, BulkheadHealth, Health, ModelTextOptions, Outcomes, Results } from "./core/operations.ts";
export { type EffectState, ToolError, type ToolErrorOptions } from "./errors/tool-error.ts";
export { type Problem, ToolyardError } from "./errors/toolyard-error.ts";

export type { HookCall, HookRefusal, Hooks } from "./pipeline/hooks.ts";

export { createActRecorder, createAuditTrail, createMemoryAuditSink } from "./audit/index.ts";
export type { ArgumentKeeping, AuditOptions, AuditTrail, RedactionRules } from "./audit/index.ts";
export type { ActRecorder, RecordedAct } from "./ports/act-recorder.ts";
export type { AdministrativeAct, Answerer, AuditEvent, AuditSink } from "./ports/audit-sink.ts";
export { verifyChains } from "./audit/chain/index.ts";
export type {
  ChainProblem,
  ChainProblemKind,
  OutsideAnchor,
  ScannedChain,
  VerifyOptions,
  VerifyProgress,
  VerifyResult,
} from "./audit/chain/index.ts";
export type {
  AuditFilter,
  AuditReader,
  ChainHead,
  ChainRecord,
  ChainState,
  RecordIndex,
  RecordPage,
} from "./ports/audit-reader.ts";
export type { ArtefactOwner, ArtefactStore } from "./ports/artefact-store.ts";
export type { CachedValue, CacheStore } from "./ports/cache-store.ts";
export type { ClaimAnswer, IdempotencyClaim, IdempotencyRecord, IdempotencyStore } from "./ports/idempotency-store.ts";
export type {
  OutcomeCount,
  OutcomeFilter,
  OutcomeOwner,
  OutcomeStore,
  ResolvedOutcome,
  UnknownOutcome,
} from "./ports/outcome-store.ts";
export type {
  QuotaReading,
  QuotaRequest,
  QuotaStore,
  QuotaTaken,
  SlotRequest,
  SlotsTaken,
  SlotStore,
} from "./ports/quota-store.ts";

export type { QuotaAnswer, QuotaOverride, QuotaOverrideSpec, QuotaState } from "./quota/index.ts";

export { formatUsage } from "./metering/index.ts";
export type {
  CustomUsage,
  MeteredPrincipal,
  Metering,
  MeteringOptions,
  MeteringReport,
  ToolUsage,
} from "./metering/index.ts";

export type { Clock, Timer } from "./kernel/clock.ts";
export type { Random } from "./kernel/random.ts";
export type { IdSource } from "./kernel/ids.ts";
export type { JsonObject, JsonValue } from "./kernel/json.ts";
