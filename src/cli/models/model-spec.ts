// Which model a chat is to have: a provider and a name, from `--model provider:name`.
import { Option } from "commander";
import { findNearest } from "../../kernel/nearest.ts";
import { CliError } from "../cli-error.ts";
import type { VerbOptions } from "../verb.ts";

/** Providers, with a name to show how one is written. */
const EXAMPLES = {
  openai: "openai:gpt-5.4-mini",
  "openai-responses": "openai-responses:gpt-5.4-mini",
  anthropic: "anthropic:claude-sonnet-5",
  gemini: "gemini:gemini-3.5-flash",
} as const;

export type ModelProvider = keyof typeof EXAMPLES;

/** null: the offline model. */
export type ModelSpec = { readonly provider: ModelProvider; readonly name: string } | null;

const OFFLINE = "offline";
const PROVIDERS = Object.keys(EXAMPLES) as ModelProvider[];
const DEFAULT_OPENAI = "gpt-5.4-mini";
const EXPECTED = `${OFFLINE} or a provider and a name: ${Object.values(EXAMPLES).join(", ")}`;

/** `--model` and `--use-openai`. */
export function createModelOptions(): readonly Option[] {
  return [
    new Option(
      "--model <provider:name>",
      "the model: offline (when left out), openai: (Chat Completions of any server), openai-responses:, anthropic: or gemini: and its name",
    ),
    new Option("--use-openai", `the same as --model openai:${DEFAULT_OPENAI}, or of the name given with --model`),
  ];
}

/** The model that the options ask for. Throws a CliError for what is no model. */
export function readModelSpec(options: VerbOptions): ModelSpec {
  const given = options["model"] as string | undefined;
  if (given === undefined) {
    return options["useOpenai"] === true ? { provider: "openai", name: DEFAULT_OPENAI } : null;
  }
  const colon = given.indexOf(":");
  const prefix = colon === -1 ? "" : given.slice(0, colon);
  const provider = PROVIDERS.find((one) => one === prefix);
  const name = given.slice(colon + 1);
  if (options["useOpenai"] === true) return readOpenAi(given, provider, name);
  if (given === OFFLINE) return null;
  if (provider !== undefined && name !== "") return { provider, name };
  const [near] = findNearest(prefix === "" ? given : prefix, [OFFLINE, ...PROVIDERS], 1);
  const hint = near === undefined ? "" : `; did you mean ${near === OFFLINE ? near : EXAMPLES[near as ModelProvider]}?`;
  throw new CliError(`--model: received ${JSON.stringify(given)}, expected ${EXPECTED}${hint}`);
}

/** With `--use-openai` a bare name is OpenAI's, also one that has a colon of its own. */
function readOpenAi(given: string, provider: ModelProvider | undefined, name: string): ModelSpec {
  if (provider === undefined && given !== "") return { provider: "openai", name: given };
  if (provider !== undefined && provider.startsWith("openai") && name !== "") return { provider, name };
  throw new CliError(
    `--model: received ${JSON.stringify(given)} with --use-openai, expected the name of a model of OpenAI's`,
  );
}
