// The documents that `docs.search` searches: what this project is, in short.

export interface Document {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const document = (id: string, title: string, text: string): Document => Object.freeze({ id, title, text });

export const DOCUMENTS: readonly Document[] = Object.freeze([
  document(
    "tools",
    "Tools and definitions",
    "A tool is a named capability with an input schema, an output schema, an effect and a handler. It is declared with defineTool and registered once; every model and agent can then call it. Definitions are frozen, and each version has a digest.",
  ),
  document(
    "versions",
    "Versions of a tool",
    "Several versions of a tool live side by side. A reference such as units.convert@^1 resolves to the highest active version in the range. Pre-releases are chosen only when asked for. Deprecated versions answer with a warning and a sunset date; retired ones are refused with the nearest alternative.",
  ),
  document(
    "roles",
    "Roles and permissions",
    "The roles ADMIN, USER and GUEST come with every registry, and you can declare your own with inheritance. A tool names the roles that may use it; permissions set at run time replace them. Without any rule only admins may call.",
  ),
  document(
    "grants",
    "Grants and conditions",
    "A grant lets roles, principals, scopes or tenants use tools by name or pattern. A deny wins over every allow. A condition makes a grant depend on the arguments of the call, for instance a refund below a hundred euros.",
  ),
  document(
    "visibility",
    "What a caller can see",
    "Lists, search, descriptions and calls come from one decision. A tool that somebody may not see answers UNKNOWN_TOOL, exactly as one that does not exist.",
  ),
  document(
    "quotas",
    "Quotas and limits",
    "A limit says how many units fit into a window: per principal, role, tenant, tool or ip address. Token buckets refill continuously, fixed windows give everything back at once. Without other limits, 100 calls per 60 minutes and principal are admitted. A refused call says when to try again.",
  ),
  document(
    "concurrency",
    "Concurrency limits",
    "A concurrency limit says how many calls may run at the same time. A call that does not fit is refused with OVERLOADED instead of waiting without end.",
  ),
  document(
    "arguments",
    "Arguments from models",
    "Models send numbers as text, objects as JSON text and single values instead of lists. Such arguments are coerced when the schema leaves no doubt, and reported. Everything else is refused with all issues at once, each with its path, what was expected and what was received, so that the model can repair the call.",
  ),
  document(
    "numbers",
    "Exact numbers",
    "An integer beyond 2^53 cannot be held by a double. It is refused by name, unless the tool declares exactNumbers and receives it as BigInt or text.",
  ),
  document(
    "errors",
    "Errors and refusals",
    "Expected refusals are values, never exceptions: an outcome is either ok with an output, or carries an error with a code, a message and what is known about the effect. A ToolError of a handler reaches the model; any other exception is masked.",
  ),
  document(
    "deadlines",
    "Deadlines and cancellation",
    "Every call has a deadline, 30 seconds unless the tool says otherwise. The handler's signal is aborted at the deadline. A handler that ignores it cannot hold the call: the caller gets TIMEOUT.",
  ),
  document(
    "effects",
    "Effects: read, write, destructive",
    "The effect of a tool says what may be repeated. A read may be retried and cached. A write that timed out is reported as OUTCOME_UNKNOWN, because nobody can tell whether it happened.",
  ),
  document(
    "metering",
    "Metering and monitoring",
    "The registry counts calls, successes and errors of every tool, and measures latency: average, P50, P95 and P99. Measurements are kept for 24 hours. Custom metrics and work that is no tool call can be measured too.",
  ),
  document(
    "audit",
    "The audit trail",
    "Every call is one structured event, refused calls too: who called which tool and version, when, with what result. Arguments are redacted. The file sink writes JSON Lines.",
  ),
  document(
    "openai",
    "OpenAI function calling",
    "openai(registry) converts tools to the formats of Chat Completions and Responses, decodes the model's calls, runs them in parallel and returns exactly one result per call id, in order.",
  ),
  document(
    "agent",
    "The chat agent",
    "createAgent loops between a model and the tools until the model answers in words or the step limit is reached. It calls tools in parallel and returns errors to the model. The offline model needs no network and matches intents with simple rules.",
  ),
  document(
    "hooks",
    "Hooks",
    "Five hooks extend the walk of a call: beforeAuthorize, beforeAttempt, aroundAttempt, afterOutcome and onSettled. A hook that throws makes the call fail; it never lets a call through.",
  ),
  document(
    "cli",
    "The command line",
    "The commands demo, chat, tools, call, schema and usage work on the tools of a project's toolyard.config.ts. Each has --help with examples and --json for programs.",
  ),
]);
