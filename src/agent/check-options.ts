// Checks the options of an agent, all at once.
import { checkKeys, toFlagProblem, toKind, toRangeProblem, toUnknownKeys } from "../core/options.ts";
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import type { AgentOptions } from "./agent.ts";
import type { MemoryOptions } from "./conversation.ts";

const KEYS = Object.keys({
  registry: 1,
  model: 1,
  instructions: 1,
  maxSteps: 1,
  maxTokens: 1,
  modelRetries: 1,
  approve: 1,
  concurrency: 1,
  callIdsAsKeys: 1,
  maxResultBytes: 1,
  neutralise: 1,
  memory: 1,
  select: 1,
  clock: 1,
  random: 1,
} satisfies Record<keyof AgentOptions, 1>);
const MEMORY_KEYS = Object.keys({ maxMessages: 1, maxCharacters: 1, maxConversations: 1 } satisfies Record<
  keyof MemoryOptions,
  1
>);
const MANY = Number.MAX_SAFE_INTEGER;

/** Throws INVALID_OPTION that lists every unknown key and every value that cannot be used. */
export function checkAgentOptions(options: AgentOptions): void {
  checkKeys("createAgent", options, KEYS);
  const { memory = {}, instructions, approve, clock, random } = options;
  const problems: Problem[] = [
    ...toMethodProblem("registry", options.registry, "execute", "a registry"),
    ...toMethodProblem(
      "model",
      options.model,
      "respond",
      "a model, such as openaiModel(client, name) or offlineModel()",
    ),
    ...(instructions === undefined || typeof instructions === "string"
      ? []
      : [toExpected("instructions", instructions, "a string")]),
    ...toRangeProblem("maxSteps", options.maxSteps, 1, 1_000),
    ...toRangeProblem("maxTokens", options.maxTokens, 1, MANY),
    ...toRangeProblem("modelRetries", options.modelRetries, 0, 10),
    ...(approve === undefined || typeof approve === "function" ? [] : [toExpected("approve", approve, "a function")]),
    ...(clock === undefined ? [] : toMethodProblem("clock", clock, "setTimer", "a clock")),
    ...(random === undefined ? [] : toMethodProblem("random", random, "next", "a source of chance")),
    ...toRangeProblem("concurrency", options.concurrency, 1, 1_024),
    ...toFlagProblem("callIdsAsKeys", options.callIdsAsKeys),
    ...toRangeProblem("maxResultBytes", options.maxResultBytes, 1_024, 16_777_216),
    ...toFlagProblem("neutralise", options.neutralise),
    ...(isObject(memory) ? toMemoryProblems(memory) : [toExpected("memory", memory, "an object")]),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "createAgent: options have problems.", problems);
}

function toMemoryProblems(memory: MemoryOptions): readonly Problem[] {
  const problems = [
    ...toUnknownKeys(memory, MEMORY_KEYS),
    ...toRangeProblem("maxMessages", memory.maxMessages, 0, MANY),
    ...toRangeProblem("maxCharacters", memory.maxCharacters, 0, MANY),
    ...toRangeProblem("maxConversations", memory.maxConversations, 1, MANY),
  ];
  return problems.map(({ path, message }) => ({ path: `memory.${path}`, message }));
}

function toMethodProblem(path: string, value: unknown, method: string, expected: string): readonly Problem[] {
  const fits =
    typeof value === "object" && value !== null && typeof (value as Record<string, unknown>)[method] === "function";
  return fits ? [] : [toExpected(path, value, expected)];
}

function toExpected(path: string, value: unknown, expected: string): Problem {
  return { path, message: `received ${toKind(value)}, expected ${expected}` };
}
