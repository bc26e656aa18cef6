// What the registry is made of. It checks these itself when it is made: here only their kind is looked at.
import { z } from "zod";
import type {
  AnyTool,
  Authorizer,
  ConcurrencyLimit,
  Grant,
  Hooks,
  Limit,
  PrincipalDeclaration,
  QuotaOverrideDeclaration,
  ResultsOptions,
  RoleDeclaration,
  UpstreamOptions,
} from "../../../index.ts";
import { isObject } from "../../../kernel/json.ts";
import { isPlainObject } from "../../problems/index.ts";
import type { DefaultQuota, ToolyardConfig } from "../config.ts";
import { CONFIG_DEFAULTS } from "../config-defaults.ts";
import { checked, flag, integer, members, meta, positive, type Shape, text } from "./members.ts";

const isFunction = (value: unknown): boolean => typeof value === "function";
const isHooks = (value: unknown): boolean => isObject(value) || Array.isArray(value);

/** What a program alone can hold. */
export type CodeKey = "tools" | "app" | "authorizer" | "hooks";
type SectionKey = "server" | "identity" | "egress" | "httpTools" | "state" | "audit";

const list = <T>(accepts: string): z.ZodType<readonly T[], readonly T[]> =>
  checked<readonly T[]>(Array.isArray, accepts, "array");
const record = <T>(accepts: string): z.ZodType<Readonly<Record<string, T>>, Readonly<Record<string, T>>> =>
  checked<Readonly<Record<string, T>>>(isPlainObject, accepts, "object");

const quota = members<DefaultQuota>()({
  capacity: meta(positive, { description: "Calls per window.", fallback: "required" }),
  windowMs: meta(positive, { description: "The window, milliseconds.", fallback: "required" }),
});

const results = members<ResultsOptions>()({
  maxBytes: meta(integer(1_024, 16_777_216).optional(), {
    description: "Most bytes that a model is shown of one result.",
    fallback: "262_144",
  }),
  keepMs: meta(integer(1_000, 86_400_000).optional(), {
    description: "How long the rest can be read, milliseconds.",
    fallback: "3_600_000",
  }),
});

export const CODE_SHAPE: Shape<Pick<ToolyardConfig<never>, CodeKey>> = {
  tools: meta(list<AnyTool<never>>("an array of tools").optional(), {
    description: "The project's tools, made with `defineTool`.",
    code: true,
  }),
  app: meta(z.custom<never>().optional(), {
    description: "Given to every handler as `context.app`.",
    accepts: "anything",
    fallback: "undefined",
    code: true,
  }),
  authorizer: meta(checked<Authorizer>(isFunction, "a function").optional(), {
    description: "Decides in place of the default, to which it may delegate.",
    code: true,
  }),
  hooks: meta(checked<Hooks | readonly Hooks[]>(isHooks, "an object of hooks, or an array of them").optional(), {
    description: "Functions at the five points of a call.",
    code: true,
  }),
};

export const REGISTRY_SHAPE: Shape<Omit<ToolyardConfig<never>, CodeKey | SectionKey>> = {
  roles: meta(record<RoleDeclaration>('an object such as { AUDITOR: { inherits: ["GUEST"] } }').optional(), {
    description: "Roles besides ADMIN, USER and GUEST, and what they inherit.",
    reload: true,
  }),
  defaultRole: meta(text.default(CONFIG_DEFAULTS.defaultRole), {
    description: "Role of a principal that has none.",
    accepts: 'the name of a role, such as "USER"',
  }),
  grants: meta(list<Grant>("an array of grants").optional(), {
    description: "Who may use which tools, besides what the tools say.",
    reload: true,
  }),
  principals: meta(
    list<PrincipalDeclaration>("an array of { id, tenant?, roles?, scopes?, attributes?, disabled? }").optional(),
    {
      description: "What is known of principals, whatever their callers or tokens say; see [settings](../settings.md).",
      reload: true,
    },
  ),
  authentication: meta(flag.default(CONFIG_DEFAULTS.authentication), {
    description: "Whether every call needs a principal. With false, a call without one is made by a trusted admin.",
  }),
  defaultQuota: meta(z.union([z.literal(false), quota]).default(CONFIG_DEFAULTS.defaultQuota), {
    description: "The quota of every principal: so many units per window of milliseconds. False for none.",
  }),
  limits: meta(list<Limit>("an array of limits").optional(), {
    description: "Further limits of every call.",
    reload: true,
  }),
  quotaOverrides: meta(
    list<QuotaOverrideDeclaration>("an array of { principal, tenant?, limit, capacity, windowMs?, burst? }").optional(),
    {
      description: "Other measures of limits for single principals.",
      reload: true,
    },
  ),
  concurrency: meta(list<ConcurrencyLimit>("an array of concurrency limits").optional(), {
    description: "Calls running at once.",
    fallback: "256 per principal",
  }),
  timeoutMs: meta(integer(1, 86_400_000).default(CONFIG_DEFAULTS.timeoutMs), {
    description: "Deadline of tools that set none, milliseconds.",
  }),
  retries: meta(integer(0, 10).default(CONFIG_DEFAULTS.retries), {
    description: "Repeats after a failure, where the effect of the tool permits them.",
  }),
  upstreams: meta(record<UpstreamOptions>("an object such as { crm: { breaker: { failures: 5 } } }").optional(), {
    description:
      "The systems behind tools, by the name that a tool's `upstream` says, each with `breaker` and `bulkhead`.",
  }),
  idempotencyKeepMs: meta(integer(1_000, 2_592_000_000).optional(), {
    description: "How long the outcome of an idempotency key is kept, milliseconds.",
    fallback: "86_400_000",
  }),
  results: meta(results.optional(), {
    description: "How much of a result a model is shown, and how long the rest can be read.",
    fallback: "{ maxBytes: 262_144, keepMs: 3_600_000 }",
  }),
  metricsRetentionMs: meta(integer(60_000, 2_592_000_000).default(CONFIG_DEFAULTS.metricsRetentionMs), {
    description: "How long calls count in metrics, milliseconds.",
  }),
};
