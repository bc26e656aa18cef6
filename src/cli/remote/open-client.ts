// The client of a command. The key comes from the environment alone: what is typed is seen by others, and kept by the shell.
import { type Client, createClient, ToolyardClientError } from "../../client/index.ts";
import { isObject } from "../../kernel/json.ts";
import { CliError } from "../cli-error.ts";
import type { CliIo } from "../io.ts";

const KEY_VARIABLE = "TOOLYARD_KEY";

export interface Address {
  readonly url: string;
  /** Who named it: the option or the variable. */
  readonly source: string;
}

/** Throws a CliError without a key, and for an address that cannot be one. */
export function openClient({ env, clock }: CliIo, { url, source }: Address, isPatient: boolean): Client {
  const key = env[KEY_VARIABLE] ?? "";
  if (key === "") {
    throw new CliError(
      `${KEY_VARIABLE}: is not set; expected an API key of the server.\n` +
        `Whoever runs the server makes one: toolyard keys create --principal <id>`,
    );
  }
  try {
    return withoutPages(createClient({ url, key, clock, ...(isPatient && { timeoutMs: null }) }));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Neither the key nor an address that holds a password is in it.
    throw new CliError(error.message.replace(/^url/, source).replace(/^key/, KEY_VARIABLE));
  }
}

type Method = (input?: object) => Promise<unknown>;

/** The client gives text as it comes. Of what is asked here nothing is text: it is the page of a proxy, or of another server. */
function withoutPages({ streamTool, ...methods }: Client): Client {
  const checked = Object.entries(methods as Readonly<Record<string, Method>>).map(([operation, method]) => [
    operation,
    async (input?: object) => {
      const answer = await method(input);
      if (isObject(answer) || (operation === "resolveOutcome" && answer === undefined)) return answer;
      throw new ToolyardClientError({ operation, code: "UNEXPECTED_ANSWER", detail: "the answer is no JSON object" });
    },
  ]);
  return { ...(Object.fromEntries(checked) as typeof methods), streamTool };
}
