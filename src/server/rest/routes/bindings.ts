// The caller's tools in the format of a model provider, and the way back: calls that a model made, executed as the caller.
import { z } from "zod";
import { anthropic } from "../../../providers/anthropic/index.ts";
import { gemini } from "../../../providers/gemini/index.ts";
import { openai } from "../../../providers/openai/index.ts";
import { HIDDEN } from "../act.ts";
import { withEtag } from "../etag.ts";
import { type Caller, type Refusal, toRefusal } from "../../http/index.ts";
import { route, type RestParts, type RestRoute } from "../parts.ts";
import { flag, ok } from "../schemas.ts";

const PROVIDERS = ["openai", "openai-chat", "anthropic", "gemini"] as const;
const PROVIDER = z.strictObject({
  provider: z.enum(PROVIDERS).describe("`openai` is the Responses API, `openai-chat` Chat Completions."),
});
const QUERY = z.strictObject({
  strict: z
    .enum(["off", "prefer", "require"])
    .optional()
    .describe("Whether the provider is to guarantee arguments that fit."),
  category: z.string().max(128).optional(),
  tag: z.string().max(128).optional(),
  text: z.string().max(512).optional(),
  tools: z
    .string()
    .max(8_000)
    .optional()
    .describe("References with commas between them. Default: all that the caller may see."),
  neutralise: flag
    .optional()
    .describe("Whether control, bidirectional and ANSI characters in results become visible marks."),
});

interface Bound {
  readonly tools: unknown;
  readonly toolChoice: unknown;
  readonly report: unknown;
  run(response: unknown, options: { readonly signal: AbortSignal }): Promise<unknown[]>;
  toMessages(response: unknown, results: readonly unknown[]): unknown;
}

interface BindRequest {
  readonly provider: (typeof PROVIDERS)[number];
  readonly query: z.output<typeof QUERY>;
  readonly caller: Caller;
}

function toNames(tools: string | undefined): readonly string[] | undefined {
  return tools?.split(",").map((name) => name.trim());
}

/** The registry would tell apart what is not there and what the caller may not see; callers are told neither (S-15). */
function refuseUnknown({ registry }: RestParts, tools: string | undefined, { principal }: Caller): Refusal | null {
  const unknown = toNames(tools)?.find((name) => !registry.has(name, { principal }));
  if (unknown === undefined) return null;
  return toRefusal("UNKNOWN_TOOL", `There is no tool ${JSON.stringify(unknown.slice(0, 300))} for this principal.`);
}

function bind({ registry }: RestParts, { provider, query, caller }: BindRequest): Bound {
  const { strict, tools, neutralise, category, tag, text } = query;
  const names = toNames(tools);
  const select = {
    ...(names !== undefined && { names }),
    ...(category !== undefined && { category }),
    ...(tag !== undefined && { tag }),
    ...(text !== undefined && { text }),
  };
  const options = {
    principal: caller.principal,
    select,
    ...(strict !== undefined && { strict }),
    ...(neutralise !== undefined && { neutralise }),
  };
  switch (provider) {
    case "openai":
      return openai(registry, options);
    case "openai-chat":
      return openai(registry, { ...options, format: "chat" });
    case "anthropic":
      return anthropic(registry, options);
    case "gemini":
      return gemini(registry, options);
  }
}

const getBinding = route({
  id: "getBinding",
  method: "GET",
  path: "/v1/bindings/{provider}",
  access: "caller",
  tag: "bindings",
  summary: "The caller's tools in a provider's format, to be sent with a request, and what was lost on the way.",
  params: PROVIDER,
  query: QUERY,
  answer: z.looseObject({ tools: z.unknown(), report: z.array(ok) }),
  errors: ["CONVERSION_REFUSED", "UNKNOWN_TOOL"],
  handle(request, parts) {
    const { caller, params, query } = request;
    if (caller === null) return { refusal: HIDDEN };
    const refusal = refuseUnknown(parts, query.tools, caller);
    if (refusal !== null) return { refusal };
    const { tools, toolChoice, report } = bind(parts, { provider: params.provider, query, caller });
    return withEtag(JSON.stringify({ tools, toolChoice, report }), request);
  },
});

const runBinding = route({
  id: "runBinding",
  method: "POST",
  path: "/v1/bindings/{provider}",
  access: "caller",
  tag: "bindings",
  summary:
    "Executes the calls in a model's response: the body is the response as the provider gave it. One result for each call.",
  params: PROVIDER,
  query: QUERY,
  body: z.looseObject({}).or(z.array(z.unknown()).max(1_024)),
  answer: z.looseObject({ results: z.array(z.unknown()), messages: z.array(z.unknown()) }),
  errors: ["CONVERSION_REFUSED", "UNKNOWN_TOOL", "INVALID_OPTION"],
  async handle(request, parts) {
    const { caller, params, query, body, signal } = request;
    if (caller === null) return { refusal: HIDDEN };
    const refusal = refuseUnknown(parts, query.tools, caller);
    if (refusal !== null) return { refusal };
    const binding = bind(parts, { provider: params.provider, query, caller });
    const results = await binding.run(body, { signal });
    return { body: { results, messages: binding.toMessages(body, results) } };
  },
});

export const BINDING_ROUTES: readonly RestRoute[] = [getBinding, runBinding];
