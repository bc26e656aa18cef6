// Who may import whom: an allow-list, read by the linter (`oxlint.config.ts`) and by `test/architecture`. What is not
// written here is refused, a folder that is not written here too. A new line is a decision about the architecture.

/** What the files of one folder may import besides one another. */
export interface Folder {
  /** Folders of `src/`. */
  readonly uses?: readonly string[];
  /** Folders of `src/` from which only types may come (`import type`). */
  readonly types?: readonly string[];
  /** npm packages. */
  readonly npm?: readonly string[];
  /** npm packages from which only types may come: optional peers that importing us must not load. */
  readonly npmTypes?: readonly string[];
  /** Built-in modules of Node, without their `node:`. */
  readonly node?: readonly string[];
}

const VALUES = ["kernel", "errors", "call", "tool"];
const DOMAIN = ["registry", "authz", "quota", "resilience", "metering", "audit"];
// The six domain folders stand side by side: same foundations, no knowledge of one another.
const FOUNDATION = [...VALUES, "ports"];
// What a face sees: the core's surface, and the values that travel through it.
const SURFACE = [...VALUES, "core", "index.ts"];

/**
 * The folders of `src/`, innermost first. A key is the path under `src/`, the first that fits a file is its folder; one
 * that ends in `.ts` is that file alone.
 */
export const FOLDERS: Readonly<Record<string, Folder>> = {
  kernel: { npm: ["canonicalize", "fastest-levenshtein"], node: ["crypto"] },
  errors: { uses: ["kernel"] },
  call: { uses: ["kernel", "errors"] },
  tool: {
    uses: ["kernel", "errors", "call"],
    npm: ["ajv", "ajv-formats", "re2js", "semver"],
    npmTypes: ["@standard-schema/spec"],
  },
  ports: { types: VALUES },

  registry: { uses: FOUNDATION, npm: ["semver"] },
  authz: { uses: FOUNDATION },
  quota: { uses: FOUNDATION },
  resilience: { uses: FOUNDATION },
  metering: { uses: FOUNDATION, npm: ["semver"], node: ["perf_hooks"] },
  audit: { uses: FOUNDATION, node: ["crypto"] },
  // Beside them, and known to none of them: who somebody is, and what tools may know of other systems.
  keys: { uses: FOUNDATION, node: ["crypto"] },
  secrets: { uses: FOUNDATION, node: ["crypto", "fs"] },

  pipeline: { uses: [...FOUNDATION, ...DOMAIN] },
  "stores/memory": { uses: [...FOUNDATION, "audit", "metering", "quota"], node: ["crypto"] },
  // Memory is what a registry keeps its state in unless told otherwise.
  core: { uses: [...FOUNDATION, ...DOMAIN, "pipeline", "stores/memory"] },
  // The package's main entry: names out of the folders above, and nothing from outside.
  "index.ts": { uses: [...FOUNDATION, ...DOMAIN, "pipeline", "core"] },

  // What is published and set, as a file that people read.
  "catalogue-file": { uses: [...FOUNDATION, "core", "stores/memory"], npm: ["semver", "yaml"] },

  // The only way out of the process for what the project itself asks of other systems: see OUTBOUND below.
  net: {
    uses: ["kernel", "errors"],
    npm: ["ipaddr.js", "undici"],
    node: ["dns", "net", "stream", "tls", "zlib"],
  },

  // Tools that are data: what each kind of them asks of others goes through `net`.
  "sources/http": { uses: [...VALUES, "net", "secrets"] },

  // The tables and queries are the same for both databases; what differs is in the folder of each.
  "stores/sql/sqlite": {
    uses: [...FOUNDATION, "stores/sql", "stores/sql/ledger"],
    npm: ["kysely", "semver"],
    node: ["fs", "path", "sqlite"],
  },
  "stores/sql/postgres": { uses: [...FOUNDATION, "stores/sql", "stores/sql/ledger"], npm: ["kysely", "pg"] },
  // A thread of its own, which opens the database it writes to.
  "stores/sql/ledger": {
    uses: [...FOUNDATION, "audit", "stores/sql", "stores/sql/sqlite", "stores/sql/postgres"],
    npm: ["kysely"],
    node: ["crypto", "fs", "os", "path", "process", "worker_threads"],
  },
  // Files that hold all rows of both parts, whichever database they came from.
  "stores/sql/backup": {
    uses: [...FOUNDATION, "stores/sql", "stores/sql/sqlite", "stores/sql/ledger"],
    npm: ["kysely"],
    node: ["crypto", "fs", "path", "sqlite", "stream", "zlib"],
  },
  "stores/sql": { uses: [...FOUNDATION, "stores/sql/ledger", "audit", "quota", "metering"], npm: ["kysely"] },
  "stores/file": { uses: [...FOUNDATION, "audit", "quota"], node: ["fs", "path"] },

  // Schemas in the forms that providers take: pure, and the same for all of them.
  "providers/schema": { uses: ["kernel", "tool"] },
  "providers/openai": { uses: [...SURFACE, "providers", "providers/schema"], npmTypes: ["openai"] },
  "providers/anthropic": { uses: [...SURFACE, "providers", "providers/schema"], npmTypes: ["@anthropic-ai/sdk"] },
  "providers/gemini": { uses: [...SURFACE, "providers", "providers/schema"], npmTypes: ["@google/genai"] },
  // Budgets of strict tools are the provider's, whoever sends them.
  "providers/ai-sdk": {
    uses: [...SURFACE, "providers", "providers/schema", "providers/anthropic"],
    npmTypes: ["ai"],
  },
  // LangChain knows tools and messages by their class, so its entry loads it.
  "providers/langchain": { uses: [...SURFACE, "providers", "providers/schema"], npm: ["@langchain/core"] },
  // What all providers share, directly in `providers/`.
  providers: { uses: [...SURFACE, "providers/schema"], npm: ["minisearch"] },
  agent: {
    uses: [...SURFACE, "providers", "providers/openai", "providers/anthropic", "providers/gemini"],
    npmTypes: ["openai", "@anthropic-ai/sdk", "@google/genai"],
  },
  telemetry: { uses: ["kernel"], types: [...VALUES, "core", "pipeline"], npm: ["@opentelemetry/api"] },

  // What Zod finds wrong, in the project's words: for the configuration and for requests.
  "server/problems": { uses: ["kernel", "errors"], npm: ["zod"] },
  "server/config": {
    uses: ["kernel", "errors", "index.ts", "server/problems"],
    types: ["call"],
    npm: ["yaml", "zod"],
    node: ["fs", "path", "url"],
  },
  // Who is calling: from the headers of a request to a principal.
  "server/auth": {
    uses: ["kernel", "errors", "call", "keys", "net", "server/config"],
    npm: ["jose"],
    node: ["crypto"],
  },
  "server/state": {
    uses: [
      ...["kernel", "errors", "audit", "keys", "secrets", "server/config"],
      ...["stores/file", "stores/sql/sqlite", "stores/sql/postgres"],
    ],
    types: ["ports", "stores/sql", "stores/sql/backup"],
    node: ["fs", "path"],
  },
  // Listening: limits, guards, refusals, and what a route is. Knows nothing of tools.
  "server/http": {
    uses: ["kernel", "errors", "quota", "server/auth", "server/config", "server/problems"],
    types: ["call"],
    npm: ["fastify", "ipaddr.js", "zod"],
    node: ["buffer", "crypto", "stream"],
  },
  // The routes: the registry's surface as HTTP.
  "server/rest": {
    uses: [
      ...["kernel", "errors", "call", "index.ts", "server/auth", "server/http"],
      ...["providers/openai", "providers/anthropic", "providers/gemini"],
    ],
    types: ["ports", "keys", "audit", "server/config"],
    npm: ["zod"],
    node: ["crypto"],
  },
  // The routes as a document, and the document as a page.
  "server/openapi": { uses: ["kernel", "server/http"], npm: ["zod"], node: ["crypto"] },
  // The composition root: opens what a configuration names, and ends it.
  server: {
    uses: [
      ...["kernel", "errors", "audit", "index.ts", "keys", "net", "secrets", "sources/http"],
      ...["server/auth", "server/config", "server/http", "server/openapi", "server/rest", "server/state"],
    ],
    types: ["ports"],
    node: ["fs", "path"],
  },
  // For programs that ask a server: it stands alone, and loads no package.
  client: { uses: ["kernel"] },
  cli: {
    types: ["ports"],
    uses: [
      "kernel",
      "index.ts",
      // The trail is verified, pruned and read at the command line alone.
      "audit",
      "keys",
      "secrets",
      "providers/openai",
      "providers/anthropic",
      "providers/gemini",
      "agent",
      "stores/file",
      "server",
      "server/config",
      "server/state",
      "stores/sql/backup",
      "stores/sql/sqlite",
      "catalogue-file",
      // With an address, commands ask a server as any other program does.
      "client",
      "testing",
    ],
    npm: [
      ...["cli-table3", "commander", "mathjs", "minisearch", "picocolors", "temporal-polyfill", "yaml"],
      ...["openai", "@anthropic-ai/sdk", "@google/genai"],
    ],
    node: ["child_process", "fs", "path", "perf_hooks", "readline", "stream", "util"],
  },

  testing: { uses: SURFACE, types: ["ports"], node: ["assert"] },
};

/**
 * What opens connections to other systems. Outside `src/net` nobody has it: one guard decides whom the process talks to, and
 * one place holds its limits. Clients of databases and models that users bring connect by themselves.
 */
export const OUTBOUND: {
  /** The folder that has it. */
  readonly folder: string;
  readonly globals: readonly string[];
  readonly npm: readonly string[];
  readonly node: readonly string[];
  /** Other folders that have one of the globals, each for a reason. */
  readonly others: Readonly<Record<string, readonly string[]>>;
} = {
  folder: "net",
  globals: ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"],
  npm: ["undici"],
  node: ["dgram", "dns", "http", "http2", "https", "net", "quic", "tls"],
  // Asks the one server that its user has named, from the user's own program, a browser too: nobody else chooses an address.
  others: { client: ["fetch"] },
};
