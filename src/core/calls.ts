// The calling side of a registry: turns what the host passes into requests. Refusals are outcomes; only a slip of the
// host program in the options themselves rejects.
import type { Outcome } from "../call/outcome.ts";
import type { Principal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Request } from "../pipeline/call.ts";
import type { Environment } from "../pipeline/environment.ts";
import { executeAll } from "../pipeline/execute-all.ts";
import { isIdempotencyKey } from "../pipeline/idempotency/record.ts";
import { stream } from "../pipeline/stream.ts";
import { checkKeys, toKind, toRangeProblem } from "./options.ts";
import type { CallOptions, CallRequest, ExecuteAllOptions, Registry } from "./registry.ts";

type Calls = Pick<Registry, "execute" | "executeAll" | "stream">;
type Target = string | { readonly name: string; readonly version: string };

const NO_OPTIONS: CallOptions = Object.freeze({});
const OPTION_KEYS: ReadonlySet<string> = new Set<keyof CallOptions>([
  "principal",
  "signal",
  "timeoutMs",
  "idempotencyKey",
  "dryRun",
  "digest",
]);
const SHARED_KEYS: readonly (keyof ExecuteAllOptions)[] = ["principal", "signal", "concurrency"];
const ENTRY_KEYS: readonly (keyof CallRequest)[] = ["tool", "input", "timeoutMs", "idempotencyKey", "dryRun", "digest"];
const DEFAULT_CONCURRENCY = 8;
const MAX_CONCURRENCY = 1_024;

/** The calling side of a registry. */
export function createCalls(environment: Environment): Calls {
  const toRequest = (target: Target, received: unknown, options: CallOptions): Request => {
    if (options !== NO_OPTIONS) checkOptions(options);
    const { principal, problem } = checkPrincipal(environment, options);
    return {
      ref: isTool(target) ? toRef(target) : target,
      received,
      principal,
      principalProblem: problem,
      signal: options.signal ?? null,
      timeoutMs: options.timeoutMs ?? null,
      idempotencyKey: options.idempotencyKey ?? null,
      digest: options.digest ?? null,
      dryRun: options.dryRun ?? false,
      emit: null,
      parent: null,
    };
  };

  const execute = (target: Target, input: unknown, options: CallOptions = NO_OPTIONS): Promise<Outcome> => {
    try {
      return environment.execute(toRequest(target, input, options));
    } catch (error) {
      return Promise.reject(error);
    }
  };

  const many = async (calls: readonly CallRequest[], options: ExecuteAllOptions = {}): Promise<readonly Outcome[]> => {
    checkKeys("executeAll", options, SHARED_KEYS);
    const [problem] = toRangeProblem("concurrency", options.concurrency, 1, MAX_CONCURRENCY);
    if (problem !== undefined)
      throw new ToolyardError("INVALID_OPTION", `executeAll: ${problem.path}: ${problem.message}`);
    const { concurrency = DEFAULT_CONCURRENCY, ...shared } = options;
    const requests = calls.map((call, index) => {
      // An entry may come from a model: who calls is said once, by the host, and never by an entry.
      checkKeys(`executeAll: calls[${index}]`, call, ENTRY_KEYS);
      const { tool, input, ...own } = call;
      return toRequest(tool, input, { ...own, ...shared });
    });
    return executeAll(environment, requests, concurrency);
  };

  return {
    execute,
    executeAll: many,
    stream: (target: Target, input: unknown, options: CallOptions = NO_OPTIONS) =>
      stream(environment, toRequest(target, input, options)),
  };
}

// A tool object names one exact version. The text is the same for every call of it.
const refs = new WeakMap<object, string>();

/** What is neither a tool nor a text goes on as it is, to be refused as INVALID_REF. */
function isTool(target: unknown): target is Exclude<Target, string> {
  return typeof target === "object" && target !== null;
}

function toRef(tool: { readonly name: string; readonly version: string }): string {
  let ref = refs.get(tool);
  if (ref === undefined) {
    ref = `${tool.name}@${tool.version}`;
    refs.set(tool, ref);
  }
  return ref;
}

function checkPrincipal(
  environment: Environment,
  { principal }: CallOptions,
): { readonly principal: Principal | null; readonly problem: string | null } {
  try {
    return { principal: environment.principals.check(principal), problem: null };
  } catch (error) {
    return { principal: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

// A misspelt `principal` would make the call one of trusted code: every key is checked, on every call.
function checkOptions(options: CallOptions): void {
  for (const key in options) if (!OPTION_KEYS.has(key)) checkKeys("call options", options, [...OPTION_KEYS]);
  const { timeoutMs, idempotencyKey, signal } = options;
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== "function") {
    throw new ToolyardError("INVALID_OPTION", `signal: received ${toKind(signal)}, expected an AbortSignal`);
  }
  if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `timeoutMs: received ${toKind(timeoutMs)}, expected milliseconds, 0 or more`,
    );
  }
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `idempotencyKey: received ${toKind(idempotencyKey)}, expected a text of 1 to 255 characters`,
    );
  }
}
