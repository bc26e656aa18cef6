// The model of a chat: the offline one, which needs nothing, or OpenAI's API through its official client.
import { Option } from "commander";
import { type Model, offlineModel, openaiModel } from "../agent/index.ts";
import { CliError } from "./cli-error.ts";
import type { CliIo } from "./io.ts";
import type { VerbOptions } from "./verb.ts";

const DEFAULT_MODEL = "gpt-5.4-mini";

/** `--use-openai` and `--model`. */
export function createModelOptions(): readonly Option[] {
  return [
    new Option(
      "--use-openai",
      "use OpenAI's API with OPENAI_API_KEY (and OPENAI_BASE_URL) instead of the offline model",
    ),
    new Option("--model <name>", `the model to use with --use-openai; ${DEFAULT_MODEL} when left out`),
  ];
}

/** The model that the options ask for. Throws a CliError when it cannot be used. */
export async function openModel({ env }: CliIo, options: VerbOptions): Promise<Model> {
  const name = options["model"] as string | undefined;
  if (options["useOpenai"] !== true) {
    if (name !== undefined) throw new CliError("--model is for --use-openai; the offline model has no name to choose");
    return offlineModel();
  }
  const apiKey = env["OPENAI_API_KEY"] ?? "";
  if (apiKey === "") {
    throw new CliError(
      "--use-openai needs a key in the environment variable OPENAI_API_KEY; without --use-openai the offline model answers",
    );
  }
  const { OpenAI } = await importClient();
  const baseURL = env["OPENAI_BASE_URL"] ?? "";
  let client: InstanceType<typeof OpenAI>;
  try {
    client = new OpenAI({ apiKey, ...(baseURL !== "" && { baseURL: new URL(baseURL).href.replace(/\/$/, "") }) });
  } catch {
    throw new CliError(
      `OPENAI_BASE_URL: received ${JSON.stringify(baseURL)}, expected a URL such as http://127.0.0.1:8080/v1`,
    );
  }
  return openaiModel(client, name ?? DEFAULT_MODEL);
}

async function importClient(): Promise<typeof import("openai")> {
  try {
    return await import("openai");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CliError("--use-openai needs the package openai, which is not installed: npm install openai", {
      cause: error,
    });
  }
}
