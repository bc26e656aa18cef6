// What a user can import: the entries of the package and the names each one has. A change here is a change of the public
// surface and belongs into the changelog.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { ENTRIES, ROOT } from "../../scripts/entries.ts";

const NAMES: Readonly<Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>> = {
  toolyard: {
    values: [
      "EFFECT_DEFAULTS",
      "ERROR_CODES",
      "FAULT_CODES",
      "Role",
      "ToolError",
      "ToolyardError",
      "createMemoryAuditSink",
      "createPrincipal",
      "createRegistry",
      "createToolkit",
      "defineTool",
      "formatIssues",
      "formatPath",
      "formatUsage",
      "parseToolRef",
      "toModelText",
      "withJsonSchema",
    ],
    types: [
      "Access",
      "AdministrativeAct",
      "Answerer",
      "AnyTool",
      "ArgumentKeeping",
      "ArtefactOwner",
      "ArtefactStore",
      "Audience",
      "AuditEvent",
      "AuditOptions",
      "AuditSink",
      "AuthorizationRequest",
      "Authorizer",
      "BreakerChange",
      "BreakerHealth",
      "BreakerPolicy",
      "BreakerState",
      "BulkheadHealth",
      "BulkheadPolicy",
      "CachePolicy",
      "CacheScope",
      "CacheStore",
      "CachedValue",
      "CallEvent",
      "CallOptions",
      "CallRequest",
      "CallerOutput",
      "CheckReport",
      "ClaimAnswer",
      "Clock",
      "Coercion",
      "ConcurrencyLimit",
      "Condition",
      "ConsecutiveBreaker",
      "ContentPart",
      "Continuation",
      "Cost",
      "CustomUsage",
      "Decision",
      "DefineTool",
      "Degradation",
      "Deprecation",
      "Effect",
      "EffectDefaults",
      "EffectReport",
      "EffectState",
      "ErrorCode",
      "ErrorRow",
      "ExecuteAllOptions",
      "Explanation",
      "Failure",
      "Fallback",
      "FallbackReason",
      "FaultCode",
      "Grant",
      "Grants",
      "HandlerEvent",
      "HandlerOutput",
      "HandlerResult",
      "Health",
      "HookCall",
      "HookRefusal",
      "Hooks",
      "IdSource",
      "IdempotencyClaim",
      "IdempotencyRecord",
      "IdempotencyStore",
      "Issue",
      "JsonObject",
      "JsonSchema",
      "JsonValue",
      "Limit",
      "LimitScope",
      "ListFilter",
      "MeteredPrincipal",
      "Metering",
      "MeteringOptions",
      "MeteringReport",
      "ModelTextOptions",
      "Outcome",
      "OutcomeCount",
      "OutcomeError",
      "OutcomeFilter",
      "OutcomeMeta",
      "OutcomeOwner",
      "OutcomeStore",
      "Outcomes",
      "ParsedRef",
      "PartialEvent",
      "Permissions",
      "Principal",
      "PrincipalInput",
      "Problem",
      "ProgressEvent",
      "QuotaAnswer",
      "QuotaOverride",
      "QuotaOverrideSpec",
      "QuotaReading",
      "QuotaRequest",
      "QuotaState",
      "QuotaStore",
      "QuotaTaken",
      "Quotas",
      "Random",
      "RedactionRules",
      "Registry",
      "RegistryEvents",
      "RegistryOptions",
      "ResolvedOutcome",
      "ResultPolicy",
      "Results",
      "ResultsOptions",
      "RetryPolicy",
      "RoleDeclaration",
      "SamplingBreaker",
      "SchemaInput",
      "SchemaOutput",
      "SlotRequest",
      "SlotStore",
      "SlotsTaken",
      "Status",
      "StatusCheck",
      "StatusContext",
      "Success",
      "Timer",
      "Tool",
      "ToolContext",
      "ToolDefinition",
      "ToolDescription",
      "ToolErrorOptions",
      "ToolProperties",
      "ToolRef",
      "ToolSchema",
      "ToolUsage",
      "ToolVersion",
      "Toolkit",
      "UnknownOutcome",
      "UpstreamOptions",
      "Warning",
    ],
  },
  "toolyard/openai": {
    values: ["openai", "toOpenAiTool"],
    types: [
      "BindableRegistry",
      "Binding",
      "ChatBinding",
      "ChatMessage",
      "ChatResult",
      "ChatSource",
      "ChatTool",
      "ChatToolCall",
      "ModelCall",
      "OpenAiFormat",
      "OpenAiOptions",
      "ResponsesBinding",
      "ResponsesCaller",
      "ResponsesItem",
      "ResponsesResult",
      "ResponsesSource",
      "ResponsesTool",
      "ResponsesToolCall",
      "RunOptions",
      "StrictMode",
      "ToolOptions",
      "ToolReport",
      "ToolSelection",
    ],
  },
  "toolyard/agent": {
    values: ["createAgent", "createConversation", "offlineModel", "openaiModel"],
    types: [
      "Agent",
      "AgentOptions",
      "AgentRegistry",
      "AssistantMessage",
      "CallInMessage",
      "ChatCall",
      "ChatClient",
      "ChatEvent",
      "ChatListener",
      "ChatOptions",
      "ChatResult",
      "ChatUsage",
      "Conversation",
      "MemoryOptions",
      "Message",
      "Model",
      "ModelEvent",
      "ModelTurn",
      "OpenAiModelOptions",
      "ResponsesClient",
      "ResultInMessage",
      "StopReason",
      "ToolMessage",
      "ToolSelection",
      "UserMessage",
    ],
  },
  "toolyard/config": {
    values: ["CONFIG_DEFAULTS", "CONFIG_FILES", "CONFIG_KEYS", "defineConfig", "loadConfig", "toRegistryOptions"],
    types: ["AuditConfig", "ConfigKey", "DefaultQuota", "LoadedConfig", "ToolyardConfig"],
  },
  "toolyard/stores/file": {
    values: ["openFileAuditSink", "readAuditFile"],
    types: ["FileAuditSink", "FileAuditSinkOptions", "ReadAuditFileOptions", "SkippedLine"],
  },
  "toolyard/telemetry": { values: ["createOpenTelemetryHooks"], types: ["OpenTelemetryOptions"] },
  "toolyard/testing": {
    values: [
      "createFaultInjector",
      "createManualClock",
      "createRecordingSink",
      "describeArtefactStore",
      "describeCacheStore",
      "describeIdempotencyStore",
      "describeOutcomeStore",
      "describeQuotaStore",
      "describeSlotStore",
    ],
    types: [
      "FailingFault",
      "FaultCounts",
      "FaultInjector",
      "FaultKind",
      "FaultOptions",
      "FaultRate",
      "LatencyFault",
      "ManualClock",
      "MethodOf",
      "RecordingSink",
      "Unreliable",
    ],
  },
};

describe("the package", () => {
  test("has the entries that are pinned", () => {
    expect(manifest.exports).toEqual({
      ".": toTarget("index"),
      "./openai": toTarget("providers/openai/index"),
      "./agent": toTarget("agent/index"),
      "./config": toTarget("server/config/index"),
      "./stores/file": toTarget("stores/file/index"),
      "./telemetry": toTarget("telemetry/index"),
      "./testing": toTarget("testing/index"),
      "./package.json": "./package.json",
    });
    expect(manifest.bin).toEqual({ toolyard: "./dist/cli/main.js" });
  });
});

describe.each(ENTRIES)("$specifier", ({ specifier, source }) => {
  test("exports the values that are pinned", async () => {
    const entry = (await import(`${ROOT}${source}`)) as object;
    expect(Object.keys(entry).toSorted()).toEqual(NAMES[specifier]?.values);
  });

  test("exports the types that are pinned", async () => {
    const { values, types } = readExports(await readFile(`${ROOT}${source}`, "utf8"));
    expect(types).toEqual(NAMES[specifier]?.types);
    // What was read out of the text is all there is.
    expect(values).toEqual(NAMES[specifier]?.values);
  });
});

function toTarget(path: string): object {
  return { types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` };
}

/** The exported names of a module that is a list of names. */
function readExports(text: string): { readonly values: readonly string[]; readonly types: readonly string[] } {
  const values: string[] = [];
  const types: string[] = [];
  for (const [, kind, list = ""] of text.matchAll(/^export( type)? \{([^}]*)\}/gm)) {
    for (const item of list
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")) {
      const name = item.replace(/^type /, "").replace(/^.* as /, "");
      (kind !== undefined || item.startsWith("type ") ? types : values).push(name);
    }
  }
  return { values: values.toSorted(), types: types.toSorted() };
}
