// What the server can be asked, out of its routes. Written by `npm run client:update`, never by hand.

/** How an operation is sent. */
export interface OperationShape {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With its parameters in braces. */
  readonly path: string;
  readonly query: readonly string[];
  /** Names of header fields by the names they have as input. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: boolean;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly principal: string;
  readonly status: string;
  readonly [name: string]: unknown;
}

export interface Outcome {
  /** What the tool gave; null for a dry run. */
  readonly output: unknown;
  readonly content?: readonly { readonly type: string; readonly [name: string]: unknown }[];
  readonly meta: {
    readonly callId: string;
    readonly tool: string;
    readonly version: string | null;
    readonly durationMs: number;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
}

/** Why a request was refused (RFC 9457). */
export interface ProblemDetails {
  /** A URI of the kind of problem: `urn:toolyard:error:` and the code in lower case. */
  readonly type: string;
  /** What happened, the same for every problem of the code. */
  readonly title: string;
  /** The status of the answer. */
  readonly status: number;
  /** What happened this time. */
  readonly detail: string;
  /** What programs branch on. */
  readonly code: string;
  /** The id of the request, as the server's log has it. */
  readonly requestId?: string;
  /** The id of the call, as the audit trail has it. */
  readonly callId?: string;
  /** What is known of the call's effect. */
  readonly effect?: "none" | "applied" | "unknown";
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean;
  /** When to try again, milliseconds; also in `Retry-After`. */
  readonly retryAfterMs?: number;
  /** What is wrong with the request, each with its place. */
  readonly problems?: readonly { readonly path: string; readonly message: string; readonly [name: string]: unknown }[];
  /** What is wrong with the arguments of a call. */
  readonly issues?: readonly {
    readonly path: readonly (string | number)[];
    readonly message: string;
    readonly expected: string;
    readonly received: string;
    readonly hint: string | null;
    readonly [name: string]: unknown;
  }[];
  /** The code of the tool's own, when it refused the call. */
  readonly toolCode?: string;
  /** Names that are near to what was asked for. */
  readonly suggestions?: readonly string[];
  /** More, depending on the code. */
  readonly details?: unknown;
  /** How to go on, when the call waits for something. */
  readonly continuation?: unknown;
  /** Names of the quotas that are used up. */
  readonly "violated-policies"?: readonly string[];
  /** What is known of the call. */
  readonly meta?: unknown;
  readonly [name: string]: unknown;
}

export interface Setting {
  readonly id: string;
  readonly revision: number;
  readonly body: unknown;
  /** False: the program declares one of the same id. */
  readonly inForce: boolean;
  readonly [name: string]: unknown;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly effect: "read" | "write" | "destructive";
  readonly idempotent: boolean;
  readonly status: "staged" | "active" | "deprecated" | "retired";
  readonly digest: string;
  readonly inputSchema: unknown;
  readonly outputSchema: unknown;
  readonly examples: readonly unknown[];
  readonly [name: string]: unknown;
}

export interface ToolLife {
  readonly name: string;
  readonly revision: number;
  readonly versions: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

export interface ToolSummary {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly effect: "read" | "write" | "destructive";
  readonly idempotent: boolean;
  readonly status: "staged" | "active" | "deprecated" | "retired";
  readonly digest: string;
  readonly [name: string]: unknown;
}

/** What each operation takes and answers. */
export interface Operations {
  /** The tools that the caller may see, by name. */
  readonly listTools: {
    readonly input: {
      readonly category?: string | undefined;
      readonly tag?: string | undefined;
      /** Words that all occur in name, title, description or tags. */
      readonly text?: string | undefined;
      readonly status?: "active" | "deprecated" | "retired" | "staged" | "any" | undefined;
      /** Only names after this one. */
      readonly after?: string | undefined;
      /** At most so many, 1 to 1000. */
      readonly limit?: number | undefined;
    };
    readonly output: {
      readonly tools: readonly ToolSummary[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Publishes tools that are data, all or none: definitions with an `http` part. See docs/http-tools.md. */
  readonly publishTools: {
    readonly input: {
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      readonly body: {
        readonly tools: readonly unknown[];
        /** Only their exact versions, or a rollout, reach them until they are activated. */
        readonly staged?: boolean | undefined;
        /** Why a version may break its contract. */
        readonly force?: string | undefined;
      };
    };
    readonly output: { readonly tools: readonly Readonly<Record<string, unknown>>[]; readonly [name: string]: unknown };
  };
  /** One tool with its schemas, as the reference resolves for the caller. */
  readonly getTool: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
    };
    readonly output: Tool;
  };
  /** Removes a version that was never called and that nothing leads to. */
  readonly deleteVersion: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: undefined;
  };
  /** The versions of a tool that the caller may see, highest first. */
  readonly listVersions: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
    };
    readonly output: { readonly versions: readonly ToolSummary[]; readonly [name: string]: unknown };
  };
  /** Whether a principal may call a tool, by which rule, and why. */
  readonly explainAccess: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      readonly principal: string;
      readonly tenant?: string | undefined;
      /** With commas between them; without it, those that the principal has. */
      readonly roles?: string | undefined;
    };
    readonly output: {
      readonly allowed: string | boolean;
      readonly rule: string;
      readonly reason: string;
      readonly [name: string]: unknown;
    };
  };
  /** Calls a tool. The body is its arguments. With `Accept: text/event-stream` its progress and partials come as events. */
  readonly callTool: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      /** Goes through every check and touches nothing. */
      readonly dryRun?: boolean | undefined;
      /** Shorter than the tool's own deadline, milliseconds. */
      readonly timeoutMs?: number | undefined;
      /** Refuses with CONTRACT_CHANGED unless the version has this digest. */
      readonly digest?: string | undefined;
      /** Makes the call once: the same key and arguments get the outcome of the first call. 1 to 255 characters. */
      readonly idempotencyKey?: string | undefined;
      /** The arguments, as the tool's input schema has them. Nothing is the same as `{}`. */
      readonly body?: unknown;
    };
    readonly output: Outcome;
  };
  /** The caller's tools in a provider's format, to be sent with a request, and what was lost on the way. */
  readonly getBinding: {
    readonly input: {
      /** `openai` is the Responses API, `openai-chat` Chat Completions. */
      readonly provider: "openai" | "openai-chat" | "anthropic" | "gemini";
      /** Whether the provider is to guarantee arguments that fit. */
      readonly strict?: "off" | "prefer" | "require" | undefined;
      readonly category?: string | undefined;
      readonly tag?: string | undefined;
      readonly text?: string | undefined;
      /** References with commas between them. Default: all that the caller may see. */
      readonly tools?: string | undefined;
      /** Whether control, bidirectional and ANSI characters in results become visible marks. */
      readonly neutralise?: boolean | undefined;
    };
    readonly output: {
      readonly tools: unknown;
      readonly report: readonly Readonly<Record<string, unknown>>[];
      readonly [name: string]: unknown;
    };
  };
  /** Executes the calls in a model's response: the body is the response as the provider gave it. One result for each call. */
  readonly runBinding: {
    readonly input: {
      /** `openai` is the Responses API, `openai-chat` Chat Completions. */
      readonly provider: "openai" | "openai-chat" | "anthropic" | "gemini";
      /** Whether the provider is to guarantee arguments that fit. */
      readonly strict?: "off" | "prefer" | "require" | undefined;
      readonly category?: string | undefined;
      readonly tag?: string | undefined;
      readonly text?: string | undefined;
      /** References with commas between them. Default: all that the caller may see. */
      readonly tools?: string | undefined;
      /** Whether control, bidirectional and ANSI characters in results become visible marks. */
      readonly neutralise?: boolean | undefined;
      readonly body?: Readonly<Record<string, unknown>> | readonly unknown[] | undefined;
    };
    readonly output: {
      readonly results: readonly unknown[];
      readonly messages: readonly unknown[];
      readonly [name: string]: unknown;
    };
  };
  /** The states of all versions of a tool, what leads to them, and its revision. */
  readonly getLife: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
    };
    readonly output: ToolLife;
  };
  /** Makes a staged version active. */
  readonly activateVersion: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** Tells callers of a version that its end is near. */
  readonly deprecateVersion: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body: {
        readonly message: string;
        /** When it will be retired, epoch ms. */
        readonly sunsetAt?: number | undefined;
        /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
        readonly successor?: string | undefined;
      };
    };
    readonly output: ToolLife;
  };
  /** Ends calls of a version at once, whatever leads to it. */
  readonly retireVersion: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** Makes a deprecated or retired version active again. */
  readonly restoreVersion: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** Lets a channel lead to exactly this version. */
  readonly setChannel: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
      readonly channel: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body: { readonly version: string };
    };
    readonly output: ToolLife;
  };
  /** Takes a channel back. */
  readonly clearChannel: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
      readonly channel: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** What the bare name means, to everybody or to one tenant. */
  readonly setDefault: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body: {
        /** A version, or a channel. */
        readonly target: string;
        readonly tenant?: string | undefined;
      };
    };
    readonly output: ToolLife;
  };
  /** Takes back what the bare name means. */
  readonly clearDefault: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      readonly tenant?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** Canaries and shadows that stand. */
  readonly listRollouts: {
    readonly input: object;
    readonly output: {
      readonly rollouts: readonly Readonly<Record<string, unknown>>[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Starts a canary or a shadow of an exact version, or gives the one that stands another audience. */
  readonly startRollout: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly ref: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body?:
        | {
            readonly kind?: "canary" | "shadow" | undefined;
            readonly percent?: number | undefined;
            readonly principals?: readonly { readonly id: string; readonly tenant?: string | undefined }[] | undefined;
            readonly tenants?: readonly string[] | undefined;
            readonly roles?: readonly string[] | undefined;
            readonly salt?: string | undefined;
            /** Why a canary may break the contract. */
            readonly force?: string | undefined;
          }
        | undefined;
    };
    readonly output: ToolLife;
  };
  /** Gives everybody the canary. */
  readonly promoteRollout: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** Ends the canary or, when there is none, takes back the last promotion. */
  readonly rollbackRollout: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** Ends rollouts; the version that answered everybody else answers everybody. */
  readonly stopRollout: {
    readonly input: {
      /** The name of a tool. */
      readonly name: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3": another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: ToolLife;
  };
  /** Calls whose effect is not known, oldest first; those of the caller's tenant, of any for an operator. */
  readonly listOutcomes: {
    readonly input: {
      /** The name of a tool. */
      readonly tool?: string | undefined;
      /** The id of a tenant. */
      readonly tenant?: string | undefined;
      readonly after?: string | undefined;
      /** At most so many, 1 to 1000. */
      readonly limit?: number | undefined;
    };
    readonly output: {
      readonly outcomes: readonly Readonly<Record<string, unknown>>[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Says what became of a call: its key then answers with the output, or is free again. */
  readonly resolveOutcome: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      readonly body:
        | {
            readonly effect: "applied";
            /** JSON data. */
            readonly output?: unknown;
          }
        | { readonly effect: "none" };
    };
    readonly output: undefined;
  };
  /** Asks the tool what became of a call, where it has a status check. */
  readonly checkOutcome: {
    readonly input: { readonly id: string };
    readonly output: { readonly known: number; readonly [name: string]: unknown };
  };
  /** What is left of the caller's quotas; with `tool`, also of those of the tool. */
  readonly getOwnQuotas: {
    readonly input: {
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly tool?: string | undefined;
    };
    readonly output: {
      readonly quotas: readonly {
        readonly limit: string;
        readonly remaining: number;
        readonly capacity: number;
        readonly windowMs: number;
        readonly resetsAt: number;
        readonly [name: string]: unknown;
      }[];
      readonly [name: string]: unknown;
    };
  };
  /** What is left of a principal's quotas. */
  readonly getQuotas: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant: string;
      /** The id of a principal. */
      readonly id: string;
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly tool?: string | undefined;
    };
    readonly output: {
      readonly quotas: readonly {
        readonly limit: string;
        readonly remaining: number;
        readonly capacity: number;
        readonly windowMs: number;
        readonly resetsAt: number;
        readonly [name: string]: unknown;
      }[];
      readonly [name: string]: unknown;
    };
  };
  /** Makes a principal's quotas whole. */
  readonly resetQuotas: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant: string;
      /** The id of a principal. */
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** A reference: `orders.get`, `orders.get@1`, `@^1.2`, `@1.4.2`, `@stable`. */
      readonly tool?: string | undefined;
    };
    readonly output: {
      readonly quotas: readonly {
        readonly limit: string;
        readonly remaining: number;
        readonly capacity: number;
        readonly windowMs: number;
        readonly resetsAt: number;
        readonly [name: string]: unknown;
      }[];
      readonly [name: string]: unknown;
    };
  };
  /** Another measure of a limit for one principal. */
  readonly overrideQuota: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant: string;
      /** The id of a principal. */
      readonly id: string;
      readonly limit: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      readonly body: {
        readonly capacity: number;
        readonly windowMs?: number | undefined;
        readonly burst?: number | undefined;
      };
    };
    readonly output: {
      readonly quotas: readonly {
        readonly limit: string;
        readonly remaining: number;
        readonly capacity: number;
        readonly windowMs: number;
        readonly resetsAt: number;
        readonly [name: string]: unknown;
      }[];
      readonly [name: string]: unknown;
    };
  };
  /** Takes another measure of a limit back. */
  readonly clearOverride: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant: string;
      /** The id of a principal. */
      readonly id: string;
      readonly limit: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
    };
    readonly output: undefined;
  };
  /** Other measures of limits for single principals, oldest first. */
  readonly listOverrides: {
    readonly input: object;
    readonly output: {
      readonly overrides: readonly Readonly<Record<string, unknown>>[];
      readonly [name: string]: unknown;
    };
  };
  /** What the caller has called. */
  readonly getOwnUsage: {
    readonly input: {
      /** Epoch milliseconds. */
      readonly from?: number | undefined;
      /** Epoch milliseconds. */
      readonly until?: number | undefined;
      /** Minutes are kept for 24 hours, hours for 90 days. */
      readonly grain?: "minute" | "hour" | undefined;
      readonly by?: "tool" | "version" | "principal" | "tenant" | "time" | undefined;
      /** The name of a tool. */
      readonly tool?: string | undefined;
    };
    readonly output: { readonly usage: readonly Readonly<Record<string, unknown>>[]; readonly [name: string]: unknown };
  };
  /** What the principals of a tenant have called. */
  readonly getTenantUsage: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant: string;
      /** Epoch milliseconds. */
      readonly from?: number | undefined;
      /** Epoch milliseconds. */
      readonly until?: number | undefined;
      /** Minutes are kept for 24 hours, hours for 90 days. */
      readonly grain?: "minute" | "hour" | undefined;
      readonly by?: "tool" | "version" | "principal" | "tenant" | "time" | undefined;
      /** The name of a tool. */
      readonly tool?: string | undefined;
      /** The id of a principal. */
      readonly principal?: string | undefined;
    };
    readonly output: { readonly usage: readonly Readonly<Record<string, unknown>>[]; readonly [name: string]: unknown };
  };
  /** What was called, by everybody. */
  readonly getAllUsage: {
    readonly input: {
      /** Epoch milliseconds. */
      readonly from?: number | undefined;
      /** Epoch milliseconds. */
      readonly until?: number | undefined;
      /** Minutes are kept for 24 hours, hours for 90 days. */
      readonly grain?: "minute" | "hour" | undefined;
      readonly by?: "tool" | "version" | "principal" | "tenant" | "time" | undefined;
      /** The name of a tool. */
      readonly tool?: string | undefined;
    };
    readonly output: { readonly usage: readonly Readonly<Record<string, unknown>>[]; readonly [name: string]: unknown };
  };
  /** Records of calls and acts, newest first; those of the caller's tenant, of any for an operator. */
  readonly searchAudit: {
    readonly input: {
      /** Epoch milliseconds. */
      readonly from?: number | undefined;
      /** Epoch milliseconds. */
      readonly until?: number | undefined;
      /** The id of a tenant. */
      readonly tenant?: string | undefined;
      readonly principal?: string | undefined;
      readonly tool?: string | undefined;
      readonly kind?: string | undefined;
      readonly code?: string | undefined;
      readonly callId?: string | undefined;
      readonly order?: "newest" | "oldest" | undefined;
      /** What the answer before gave as `next`. */
      readonly after?: string | undefined;
      /** At most so many, 1 to 500. */
      readonly limit?: number | undefined;
    };
    readonly output: {
      readonly records: readonly Readonly<Record<string, unknown>>[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** API keys, without what they are made of; those of the caller's tenant, of any for an operator. */
  readonly listKeys: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant?: string | undefined;
      /** The id of a principal. */
      readonly principal?: string | undefined;
      readonly after?: string | undefined;
      /** At most so many, 1 to 1000. */
      readonly limit?: number | undefined;
    };
    readonly output: {
      readonly keys: readonly ApiKey[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Makes an API key. The answer is the only one that shows it. */
  readonly createKey: {
    readonly input: {
      readonly body: {
        /** The id of a principal. */
        readonly principal: string;
        /** Default: the caller's. */
        readonly tenant?: string | undefined;
        readonly name?: string | undefined;
        readonly env?: string | undefined;
        /** null: those that the principal has without a key. */
        readonly roles?: readonly string[] | null | undefined;
        readonly scopes?: readonly string[] | undefined;
        /** Milliseconds; null: until it is revoked. Default: 90 days. */
        readonly lifetimeMs?: number | null | undefined;
      };
    };
    readonly output: {
      /** It cannot be shown again. */
      readonly key: string;
      readonly description: ApiKey;
      readonly [name: string]: unknown;
    };
  };
  /** Makes a successor of a key: both work until the old one ends. */
  readonly rotateKey: {
    readonly input: {
      readonly id: string;
      readonly body?:
        | {
            readonly overlapMs?: number | undefined;
            /** Milliseconds; null: until it is revoked. Default: 90 days. */
            readonly lifetimeMs?: number | null | undefined;
          }
        | undefined;
    };
    readonly output: {
      /** It cannot be shown again. */
      readonly key: string;
      readonly description: ApiKey;
      readonly [name: string]: unknown;
    };
  };
  /** Ends a key at once. */
  readonly revokeKey: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
    };
    readonly output: Readonly<Record<string, unknown>>;
  };
  /** Set at run time: roles besides ADMIN, USER and GUEST. */
  readonly listRoles: {
    readonly input: object;
    readonly output: {
      readonly roles: readonly Setting[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Sets one of: roles besides ADMIN, USER and GUEST. */
  readonly setRole: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body?:
        | { readonly inherits?: readonly string[] | undefined; readonly description?: string | undefined }
        | undefined;
    };
    readonly output: Setting;
  };
  /** Takes back one of: roles besides ADMIN, USER and GUEST. */
  readonly removeRole: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: undefined;
  };
  /** Set at run time: grants: who may use which tools. */
  readonly listGrants: {
    readonly input: object;
    readonly output: {
      readonly grants: readonly Setting[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Sets one of: grants: who may use which tools. */
  readonly setGrant: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body: {
        readonly effect?: "allow" | "deny" | undefined;
        /** Names, or patterns such as `orders.*`. */
        readonly tools: readonly string[];
        readonly roles?: readonly string[] | undefined;
        readonly principals?: readonly string[] | undefined;
        readonly scopes?: readonly string[] | undefined;
        readonly tenants?: readonly string[] | undefined;
      };
    };
    readonly output: Setting;
  };
  /** Takes back one of: grants: who may use which tools. */
  readonly removeGrant: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: undefined;
  };
  /** Set at run time: limits of every call. */
  readonly listLimits: {
    readonly input: object;
    readonly output: {
      readonly limits: readonly Setting[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Sets one of: limits of every call. */
  readonly setLimit: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body: {
        readonly per: readonly ("principal" | "role" | "tenant" | "tool" | "ip")[];
        readonly capacity: number;
        readonly windowMs: number;
        readonly algorithm?: "token-bucket" | "fixed-window" | undefined;
        readonly burst?: number | undefined;
        readonly roles?: readonly string[] | undefined;
      };
    };
    readonly output: Setting;
  };
  /** Takes back one of: limits of every call. */
  readonly removeLimit: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: undefined;
  };
  /** Set at run time: roles that may use a tool, by its name. */
  readonly listPermissions: {
    readonly input: object;
    readonly output: {
      readonly permissions: readonly Setting[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Sets one of: roles that may use a tool, by its name. */
  readonly setPermission: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body: { readonly roles: readonly string[] };
    };
    readonly output: Setting;
  };
  /** Takes back one of: roles that may use a tool, by its name. */
  readonly removePermission: {
    readonly input: {
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: undefined;
  };
  /** Set at run time: what is known of principals, whatever their tokens say. */
  readonly listPrincipals: {
    readonly input: object;
    readonly output: {
      readonly principals: readonly Setting[];
      /** Give it as `after` for what follows; null: that was all. */
      readonly next: string | null;
      readonly [name: string]: unknown;
    };
  };
  /** Sets one of: what is known of principals, whatever their tokens say. */
  readonly setPrincipal: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant: string;
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
      readonly body?:
        | {
            readonly roles?: readonly string[] | undefined;
            readonly scopes?: readonly string[] | undefined;
            readonly attributes?: Readonly<Record<string, unknown>> | undefined;
            readonly disabled?: boolean | undefined;
          }
        | undefined;
    };
    readonly output: Setting;
  };
  /** Takes back one of: what is known of principals, whatever their tokens say. */
  readonly removePrincipal: {
    readonly input: {
      /** The id of a tenant. */
      readonly tenant: string;
      readonly id: string;
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The revision it is made from, such as "3" ("0": there is none yet): another one is refused with 412. */
      readonly ifMatch?: string | undefined;
    };
    readonly output: undefined;
  };
  /** What is stopped now. */
  readonly listStops: {
    readonly input: object;
    readonly output: { readonly stops: readonly Readonly<Record<string, unknown>>[]; readonly [name: string]: unknown };
  };
  /** Refuses calls from now on: of a tool, of a tenant, or all. */
  readonly stopCalls: {
    readonly input: {
      readonly body: {
        readonly scope:
          | { readonly kind: "all" }
          | {
              readonly kind: "tool";
              /** The name of a tool. */
              readonly name: string;
            }
          | {
              readonly kind: "tenant";
              /** The id of a tenant. */
              readonly tenant: string;
            };
        readonly reason: string;
        /** Whether calls under way are cancelled as well. */
        readonly cancel?: boolean | undefined;
      };
    };
    readonly output: { readonly stops: readonly Readonly<Record<string, unknown>>[]; readonly [name: string]: unknown };
  };
  /** Takes a stop back: of `tool`, of `tenant`, or, with neither, that of all. */
  readonly resumeCalls: {
    readonly input: {
      /** Why it is done: kept with the change and in the audit trail. */
      readonly reason?: string | undefined;
      /** The name of a tool. */
      readonly tool?: string | undefined;
      /** The id of a tenant. */
      readonly tenant?: string | undefined;
    };
    readonly output: { readonly stops: readonly Readonly<Record<string, unknown>>[]; readonly [name: string]: unknown };
  };
  /** Whether the process answers. */
  readonly getLiveness: {
    readonly input: object;
    readonly output: { readonly status: "ok"; readonly [name: string]: unknown };
  };
  /** Whether it takes work, and why not: 503 when it does not. */
  readonly getReadiness: {
    readonly input: object;
    readonly output: {
      readonly ready: boolean;
      readonly reasons: readonly Readonly<Record<string, unknown>>[];
      readonly [name: string]: unknown;
    };
  };
  /** Who the caller is to the server. */
  readonly getCaller: {
    readonly input: object;
    readonly output: {
      readonly id: string;
      readonly tenant: string;
      readonly roles: readonly string[] | null;
      readonly scopes: readonly string[];
      readonly credential: string;
      readonly [name: string]: unknown;
    };
  };
  /** Breakers, bulkheads, the writing of the audit, calls under way. */
  readonly getHealth: { readonly input: object; readonly output: Readonly<Record<string, unknown>> };
  /** This description. */
  readonly getOpenapi: { readonly input: object; readonly output: Readonly<Record<string, unknown>> };
  /** This description, as a page. */
  readonly getDocs: { readonly input: object; readonly output: string };
  /** Whose tokens are accepted (RFC 9728). */
  readonly getResourceMetadata: { readonly input: object; readonly output: Readonly<Record<string, unknown>> };
}

export const OPERATIONS: Readonly<Record<keyof Operations, OperationShape>> = {
  listTools: {
    method: "GET",
    path: "/v1/tools",
    query: ["category", "tag", "text", "status", "after", "limit"],
    headers: {},
    body: false,
  },
  publishTools: { method: "POST", path: "/v1/tools", query: ["reason"], headers: {}, body: true },
  getTool: { method: "GET", path: "/v1/tools/{ref}", query: [], headers: {}, body: false },
  deleteVersion: {
    method: "DELETE",
    path: "/v1/tools/{ref}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listVersions: { method: "GET", path: "/v1/tools/{name}/versions", query: [], headers: {}, body: false },
  explainAccess: {
    method: "GET",
    path: "/v1/tools/{ref}/access",
    query: ["principal", "tenant", "roles"],
    headers: {},
    body: false,
  },
  callTool: {
    method: "POST",
    path: "/v1/tools/{ref}/calls",
    query: ["dryRun", "timeoutMs", "digest"],
    headers: { idempotencyKey: "Idempotency-Key" },
    body: true,
  },
  getBinding: {
    method: "GET",
    path: "/v1/bindings/{provider}",
    query: ["strict", "category", "tag", "text", "tools", "neutralise"],
    headers: {},
    body: false,
  },
  runBinding: {
    method: "POST",
    path: "/v1/bindings/{provider}",
    query: ["strict", "category", "tag", "text", "tools", "neutralise"],
    headers: {},
    body: true,
  },
  getLife: { method: "GET", path: "/v1/tools/{name}/life", query: [], headers: {}, body: false },
  activateVersion: {
    method: "POST",
    path: "/v1/tools/{ref}/activate",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  deprecateVersion: {
    method: "POST",
    path: "/v1/tools/{ref}/deprecate",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: true,
  },
  retireVersion: {
    method: "POST",
    path: "/v1/tools/{ref}/retire",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  restoreVersion: {
    method: "POST",
    path: "/v1/tools/{ref}/restore",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  setChannel: {
    method: "PUT",
    path: "/v1/tools/{name}/channels/{channel}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: true,
  },
  clearChannel: {
    method: "DELETE",
    path: "/v1/tools/{name}/channels/{channel}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  setDefault: {
    method: "PUT",
    path: "/v1/tools/{name}/default",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: true,
  },
  clearDefault: {
    method: "DELETE",
    path: "/v1/tools/{name}/default",
    query: ["reason", "tenant"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listRollouts: { method: "GET", path: "/v1/rollouts", query: [], headers: {}, body: false },
  startRollout: {
    method: "PUT",
    path: "/v1/tools/{ref}/rollout",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: true,
  },
  promoteRollout: {
    method: "POST",
    path: "/v1/tools/{name}/rollout/promote",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  rollbackRollout: {
    method: "POST",
    path: "/v1/tools/{name}/rollout/rollback",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  stopRollout: {
    method: "POST",
    path: "/v1/tools/{name}/rollout/stop",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listOutcomes: {
    method: "GET",
    path: "/v1/outcomes",
    query: ["tool", "tenant", "after", "limit"],
    headers: {},
    body: false,
  },
  resolveOutcome: { method: "POST", path: "/v1/outcomes/{id}", query: ["reason"], headers: {}, body: true },
  checkOutcome: { method: "POST", path: "/v1/outcomes/{id}/check", query: [], headers: {}, body: false },
  getOwnQuotas: { method: "GET", path: "/v1/quotas", query: ["tool"], headers: {}, body: false },
  getQuotas: { method: "GET", path: "/v1/principals/{tenant}/{id}/quotas", query: ["tool"], headers: {}, body: false },
  resetQuotas: {
    method: "POST",
    path: "/v1/principals/{tenant}/{id}/quotas/reset",
    query: ["reason", "tool"],
    headers: {},
    body: false,
  },
  overrideQuota: {
    method: "PUT",
    path: "/v1/principals/{tenant}/{id}/quotas/{limit}",
    query: ["reason"],
    headers: {},
    body: true,
  },
  clearOverride: {
    method: "DELETE",
    path: "/v1/principals/{tenant}/{id}/quotas/{limit}",
    query: ["reason"],
    headers: {},
    body: false,
  },
  listOverrides: { method: "GET", path: "/v1/overrides", query: [], headers: {}, body: false },
  getOwnUsage: {
    method: "GET",
    path: "/v1/usage",
    query: ["from", "until", "grain", "by", "tool"],
    headers: {},
    body: false,
  },
  getTenantUsage: {
    method: "GET",
    path: "/v1/tenants/{tenant}/usage",
    query: ["from", "until", "grain", "by", "tool", "principal"],
    headers: {},
    body: false,
  },
  getAllUsage: {
    method: "GET",
    path: "/v1/usage/all",
    query: ["from", "until", "grain", "by", "tool"],
    headers: {},
    body: false,
  },
  searchAudit: {
    method: "GET",
    path: "/v1/audit",
    query: ["from", "until", "tenant", "principal", "tool", "kind", "code", "callId", "order", "after", "limit"],
    headers: {},
    body: false,
  },
  listKeys: {
    method: "GET",
    path: "/v1/keys",
    query: ["tenant", "principal", "after", "limit"],
    headers: {},
    body: false,
  },
  createKey: { method: "POST", path: "/v1/keys", query: [], headers: {}, body: true },
  rotateKey: { method: "POST", path: "/v1/keys/{id}/rotate", query: [], headers: {}, body: true },
  revokeKey: { method: "DELETE", path: "/v1/keys/{id}", query: ["reason"], headers: {}, body: false },
  listRoles: { method: "GET", path: "/v1/roles", query: [], headers: {}, body: false },
  setRole: { method: "PUT", path: "/v1/roles/{id}", query: ["reason"], headers: { ifMatch: "If-Match" }, body: true },
  removeRole: {
    method: "DELETE",
    path: "/v1/roles/{id}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listGrants: { method: "GET", path: "/v1/grants", query: [], headers: {}, body: false },
  setGrant: { method: "PUT", path: "/v1/grants/{id}", query: ["reason"], headers: { ifMatch: "If-Match" }, body: true },
  removeGrant: {
    method: "DELETE",
    path: "/v1/grants/{id}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listLimits: { method: "GET", path: "/v1/limits", query: [], headers: {}, body: false },
  setLimit: { method: "PUT", path: "/v1/limits/{id}", query: ["reason"], headers: { ifMatch: "If-Match" }, body: true },
  removeLimit: {
    method: "DELETE",
    path: "/v1/limits/{id}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listPermissions: { method: "GET", path: "/v1/permissions", query: [], headers: {}, body: false },
  setPermission: {
    method: "PUT",
    path: "/v1/permissions/{id}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: true,
  },
  removePermission: {
    method: "DELETE",
    path: "/v1/permissions/{id}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listPrincipals: { method: "GET", path: "/v1/principals", query: [], headers: {}, body: false },
  setPrincipal: {
    method: "PUT",
    path: "/v1/principals/{tenant}/{id}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: true,
  },
  removePrincipal: {
    method: "DELETE",
    path: "/v1/principals/{tenant}/{id}",
    query: ["reason"],
    headers: { ifMatch: "If-Match" },
    body: false,
  },
  listStops: { method: "GET", path: "/v1/stops", query: [], headers: {}, body: false },
  stopCalls: { method: "POST", path: "/v1/stops", query: [], headers: {}, body: true },
  resumeCalls: { method: "DELETE", path: "/v1/stops", query: ["reason", "tool", "tenant"], headers: {}, body: false },
  getLiveness: { method: "GET", path: "/healthz", query: [], headers: {}, body: false },
  getReadiness: { method: "GET", path: "/readyz", query: [], headers: {}, body: false },
  getCaller: { method: "GET", path: "/v1/me", query: [], headers: {}, body: false },
  getHealth: { method: "GET", path: "/v1/health", query: [], headers: {}, body: false },
  getOpenapi: { method: "GET", path: "/openapi.json", query: [], headers: {}, body: false },
  getDocs: { method: "GET", path: "/docs", query: [], headers: {}, body: false },
  getResourceMetadata: {
    method: "GET",
    path: "/.well-known/oauth-protected-resource",
    query: [],
    headers: {},
    body: false,
  },
};
