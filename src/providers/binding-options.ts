// The options that all bindings have, and their checks.
import type { PrincipalInput } from "../call/principal.ts";
import { checkKeys, toChoiceProblem, toFlagProblem, toRangeProblem } from "../core/options.ts";
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import type { BindingSelection } from "./select-tools.ts";
import { STRICT_MODES, type StrictOption } from "./strict-mode.ts";

export interface BindingOptions {
  /** Whose tools are shown, and as whom they are called. @default trusted code of this process */
  readonly principal?: PrincipalInput;
  /** Which of the tools the principal may see, which may be called, and which the model has to search for. @default all */
  readonly select?: BindingSelection;
  /** For all tools, or for each one. @default "off" */
  readonly strict?: StrictOption;
  /** Calls of one response that run at the same time, 1 to 1,024. @default 8 */
  readonly concurrency?: number;
  /**
   * Whether a call's id is its idempotency key, for tools that write: only when the ids are unique for ever. A response
   * that is run twice then has its effects once.
   * @default false
   */
  readonly callIdsAsKeys?: boolean;
  /**
   * Most bytes of UTF-8 of one result, 1,024 to 16,777,216; a tool's own limit holds too. The rest is kept, to be read with
   * `toolyard.read_result`.
   * @default the registry's (262,144)
   */
  readonly maxResultBytes?: number;
  /** Whether control, bidirectional and ANSI characters in results become visible marks. @default false */
  readonly neutralise?: boolean;
  /** Cancels the calls of every `run`; each is still answered. */
  readonly signal?: AbortSignal;
}

const OPTIONS = Object.keys({
  principal: 1,
  select: 1,
  strict: 1,
  concurrency: 1,
  callIdsAsKeys: 1,
  maxResultBytes: 1,
  neutralise: 1,
  signal: 1,
} satisfies Record<keyof BindingOptions, 1>);

/**
 * Throws INVALID_OPTION that lists every option that is not known or cannot be used. `own` are the provider's own options,
 * each with the values it may have, or `flag` for true and false.
 */
export function checkBindingOptions(
  provider: string,
  options: BindingOptions,
  own: Readonly<Record<string, readonly string[] | "flag">> = {},
): void {
  checkKeys(provider, options, [...OPTIONS, ...Object.keys(own)]);
  const given = options as Readonly<Record<string, unknown>>;
  const problems: readonly Problem[] = [
    ...toRangeProblem("concurrency", options.concurrency, 1, 1_024),
    ...toFlagProblem("callIdsAsKeys", options.callIdsAsKeys),
    ...toRangeProblem("maxResultBytes", options.maxResultBytes, 1_024, 16_777_216),
    ...toFlagProblem("neutralise", options.neutralise),
    ...Object.entries(own).flatMap(([key, values]) =>
      values === "flag" ? toFlagProblem(key, given[key]) : toChoiceProblem(key, given[key], values),
    ),
    ...(typeof options.strict === "function" ? [] : toChoiceProblem("strict", options.strict, STRICT_MODES)),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${provider}: options have problems.`, problems);
}
