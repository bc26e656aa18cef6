// A definition becomes a tool like any other: published, authorised, limited, metered and audited as one that is
// code. Its handler is one exchange through the guarded egress.
import { readOptions } from "../../errors/option-problems.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { ToolContext } from "../../call/context.ts";
import { type Clock, systemClock } from "../../kernel/clock.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { Egress, EgressRequest, EgressResponse } from "../../net/index.ts";
import type { Secrets } from "../../secrets/index.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { AnyDefinition, Tool } from "../../tool/definition.ts";
import { buildRequest } from "./build-request.ts";
import { compileExchange, type CompiledExchange } from "./compile-exchange.ts";
import { toEgressFailure } from "./egress-failure.ts";
import { toFailure } from "./failure.ts";
import type { HttpToolDefinition } from "./http-tool-definition.ts";
import { parseHttpTool } from "./parse-http-tool.ts";
import { readAnswer } from "./read-answer.ts";
import { type Credential, NO_CREDENTIAL, resolveCredential } from "./resolve-credential.ts";
import { createScrub } from "./scrub-secret.ts";

/** An exchange that ended before there was an answer, for the operator. */
export interface HttpToolFailure {
  readonly tool: string;
  readonly version: string;
  readonly callId: string;
  /** Of the egress, or SECRET_UNUSABLE. Never holds a secret. */
  readonly error: unknown;
}

export interface HttpToolOptions {
  /** The way out; see `createEgress`. */
  readonly egress: Pick<Egress, "request">;
  /** Where references are resolved, at every call. @default none: a definition with auth is refused */
  readonly secrets?: Pick<Secrets, "resolve">;
  /**
   * Whether the secret of a reference may be sent to an origin. Who writes a definition names both: say which belong together
   * when that is anybody but the operator. @default every one may
   */
  readonly permitSecret?: (reference: string, origin: string) => boolean;
  /** The operator's permission to reach networks of their own; see `EgressRequest`. @default false */
  readonly allowPrivate?: boolean | readonly string[];
  /** Told of exchanges that gave no answer, and of secrets that cannot be had. May not throw. @default nobody */
  readonly onFailure?: (failure: HttpToolFailure) => void;
  readonly clock?: Clock;
}

const OPTIONS = ["egress", "secrets", "permitSecret", "allowPrivate", "onFailure", "clock"];
const MAX_DELAY_MS = 2 ** 31 - 1;
/** The deadline is the call's, which aborts the signal; the egress has one of its own for when nobody does. */
const GRACE_MS = 1_000;

interface Made {
  readonly definition: HttpToolDefinition;
  readonly compiled: CompiledExchange;
  readonly writes: boolean;
  readonly options: HttpToolOptions;
  readonly clock: Clock;
}

/**
 * Makes a tool of `definition`, which is checked first unless `parseHttpTool` gave it. Throws INVALID_DEFINITION, also for a
 * secret that `permitSecret` refuses to the origin, and INVALID_OPTION for options that it cannot work with.
 */
export function toHttpTool(
  definition: HttpToolDefinition,
  options: HttpToolOptions,
): Tool<Readonly<Record<string, unknown>>> {
  const parsed = parseHttpTool(definition);
  const { http, ...fields } = parsed;
  const compiled = compileExchange(http);
  checkOptions(parsed, compiled, options);
  const { clock = systemClock } = options;
  const made: Made = { definition: parsed, compiled, writes: parsed.effect !== "read", options, clock };
  const handler = (input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown> =>
    run(made, input, context);
  const honoursKeys = http.idempotencyKeyHeader !== undefined;
  return (defineTool as unknown as (whole: AnyDefinition) => Tool<Readonly<Record<string, unknown>>>)({
    ...fields,
    honoursKeys,
    handler,
    source: { kind: "http", data: http as unknown as JsonObject },
  });
}

function checkOptions(
  definition: HttpToolDefinition,
  { exchange, template }: CompiledExchange,
  options: HttpToolOptions,
): void {
  const reader = readOptions("httpTool", options, OPTIONS);
  const { egress, secrets, permitSecret } = (options ?? {}) as Partial<HttpToolOptions>;
  if (typeof egress?.request !== "function")
    reader.refuse("egress", "expected an egress, such as createEgress() gives");
  const { auth } = exchange;
  if (auth !== undefined && typeof secrets?.resolve !== "function")
    reader.refuse("secrets", `expected secrets, such as openSecrets() gives: ${definition.name} has auth`);
  reader.done();
  // An author who names a secret and an address of their own would otherwise be sent the secret.
  if (auth === undefined || permitSecret === undefined || permitSecret(auth.secret, template.origin)) return;
  const path = `${definition.name}@${definition.version}: http.auth.secret`;
  const message = `${auth.secret} may not be sent to ${template.origin}; its operator says where it may`;
  throw new ToolyardError("INVALID_DEFINITION", `${path}: ${message}`, { problems: [{ path, message }] });
}

async function run(made: Made, input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown> {
  const { compiled, writes, clock } = made;
  const credential = await findCredential(made, context);
  const request = toRequest(made, input, context, credential);
  const response = await send(made, request, context);
  const scrub = createScrub(credential.texts);
  return readAnswer(response, compiled, { writes, scrub, now: clock.now() });
}

async function findCredential(made: Made, context: ToolContext): Promise<Credential> {
  const { auth } = made.compiled.exchange;
  const { secrets } = made.options;
  if (auth === undefined || secrets === undefined) return NO_CREDENTIAL;
  try {
    return await resolveCredential(auth, secrets, context.signal);
  } catch (error) {
    tell(made, context, error);
    const message = "The tool's credential cannot be used; its operator has to look. Nothing was sent.";
    throw toFailure(made.writes, "CREDENTIAL_UNUSABLE", message, { cause: error });
  }
}

function toRequest(
  { definition, compiled, options }: Made,
  input: Readonly<Record<string, unknown>>,
  { idempotencyKey, principal, remainingMs, signal }: ToolContext,
  credential: Credential,
): EgressRequest {
  const { exchange, template } = compiled;
  const { url, headers, body } = buildRequest(compiled, input, credential.query);
  const keyHeader = exchange.idempotencyKeyHeader;
  const key = keyHeader === undefined || idempotencyKey === null ? {} : { [keyHeader]: idempotencyKey };
  return {
    method: exchange.method,
    url,
    headers: { ...headers, ...key },
    body,
    signal,
    timeoutMs: Math.min(Math.ceil(remainingMs()) + GRACE_MS, MAX_DELAY_MS),
    maxBytes: exchange.response.maxBytes,
    credential: credential.headers === null ? null : { origin: template.origin, headers: credential.headers },
    pool: {
      tenant: principal.tenant,
      upstream: definition.upstream ?? template.origin,
      credential: exchange.auth?.secret ?? "",
    },
    allowPrivate: options.allowPrivate ?? false,
  };
}

async function send(made: Made, request: EgressRequest, context: ToolContext): Promise<EgressResponse> {
  try {
    return await made.options.egress.request(request);
  } catch (error) {
    tell(made, context, error);
    throw toEgressFailure(error, made.writes);
  }
}

function tell({ definition: { name, version }, options }: Made, { callId }: ToolContext, error: unknown): void {
  options.onFailure?.({ tool: name, version, callId, error });
}
