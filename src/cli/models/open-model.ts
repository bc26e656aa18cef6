// Opens the model of a chat: the offline one, which needs nothing, or a provider's API through its official client, which
// is loaded only then. Keys and base URLs come from the environment variables that the clients themselves read.
import { anthropicModel, geminiModel, type Model, offlineModel, openaiModel } from "../../agent/index.ts";
import { CliError } from "../cli-error.ts";
import type { CliIo } from "../io.ts";
import type { ModelProvider, ModelSpec } from "./model-spec.ts";

interface Access {
  readonly apiKey: string;
  /** undefined: the client's own. */
  readonly baseURL: string | undefined;
}

interface Source {
  readonly package: string;
  /** Environment variables that may hold the key, the first that is set counts. */
  readonly keys: readonly string[];
  readonly baseURL: string;
  readonly open: (access: Access, name: string) => Promise<Model>;
}

const SOURCES: Readonly<Record<ModelProvider, Source>> = {
  openai: {
    package: "openai",
    keys: ["OPENAI_API_KEY"],
    baseURL: "OPENAI_BASE_URL",
    open: async (access, name) => openaiModel(await openOpenAi(access), name, { format: "chat" }),
  },
  "openai-responses": {
    package: "openai",
    keys: ["OPENAI_API_KEY"],
    baseURL: "OPENAI_BASE_URL",
    open: async (access, name) => openaiModel(await openOpenAi(access), name, { format: "responses" }),
  },
  anthropic: {
    package: "@anthropic-ai/sdk",
    keys: ["ANTHROPIC_API_KEY"],
    baseURL: "ANTHROPIC_BASE_URL",
    async open({ apiKey, baseURL }, name) {
      const { Anthropic } = await import("@anthropic-ai/sdk");
      return anthropicModel(new Anthropic({ apiKey, ...(baseURL !== undefined && { baseURL }) }), name);
    },
  },
  gemini: {
    package: "@google/genai",
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    baseURL: "GOOGLE_GEMINI_BASE_URL",
    async open({ apiKey, baseURL }, name) {
      const { GoogleGenAI } = await import("@google/genai");
      const httpOptions = baseURL === undefined ? {} : { httpOptions: { baseUrl: baseURL } };
      return geminiModel(new GoogleGenAI({ apiKey, ...httpOptions }), name);
    },
  },
};

async function openOpenAi({ apiKey, baseURL }: Access): Promise<import("openai").OpenAI> {
  const { OpenAI } = await import("openai");
  return new OpenAI({ apiKey, ...(baseURL !== undefined && { baseURL }) });
}

/** The model. Throws a CliError when it cannot be used. */
export async function openModel({ env }: Pick<CliIo, "env">, spec: ModelSpec): Promise<Model> {
  if (spec === null) return offlineModel();
  const source = SOURCES[spec.provider];
  const apiKey = source.keys.map((key) => env[key] ?? "").find((key) => key !== "");
  if (apiKey === undefined) {
    throw new CliError(
      `--model ${spec.provider}: needs a key in the environment variable ${source.keys.join(" or ")}; --model offline needs none`,
    );
  }
  const baseURL = readBaseUrl(source.baseURL, env[source.baseURL] ?? "");
  try {
    return await source.open({ apiKey, baseURL }, spec.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    const { package: name } = source;
    throw new CliError(
      `--model ${spec.provider}: needs the package ${name}, which is not installed: npm install ${name}`,
      {
        cause: error,
      },
    );
  }
}

function readBaseUrl(variable: string, value: string): string | undefined {
  if (value === "") return undefined;
  const isUrl = URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  if (isUrl) return new URL(value).href.replace(/\/$/, "");
  throw new CliError(`${variable}: received ${JSON.stringify(value)}, expected a URL such as http://127.0.0.1:8080/v1`);
}
