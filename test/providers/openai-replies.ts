// A scripted answer, for both of OpenAI's APIs: what a model says in one turn. The forms on the wire are in `openai-api/`.

export interface ReplyCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it, which need not be whole; of a custom tool any text. */
  readonly arguments: string;
  /** @default "function" */
  readonly kind?: "function" | "custom";
  /** Responses only. */
  readonly namespace?: string;
  /** Responses only. */
  readonly caller?: { readonly type: "direct" } | { readonly type: "program"; readonly caller_id: string };
  /** Responses only: the output may come later. */
  readonly async?: boolean;
}

/** Responses only: the model searches for tools. */
export interface ReplySearch {
  readonly execution: "server" | "client";
  /** Of a search that the client makes. */
  readonly id?: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What the API's own search found. */
  readonly tools?: readonly Readonly<Record<string, unknown>>[];
}

export interface Reply {
  readonly text?: string;
  readonly refusal?: string;
  readonly calls?: readonly ReplyCall[];
  /** Responses only: a reasoning item before everything else. */
  readonly reasoning?: boolean;
  /** Responses only: before the calls. */
  readonly search?: ReplySearch;
  /** Responses only: the program that calls tools, before its calls. */
  readonly program?: { readonly id: string; readonly code: string };
  /**
   * Why it ended: a `finish_reason` of Chat Completions, the reason of an incomplete answer of Responses.
   * @default "stop", or "tool_calls" with calls; complete
   */
  readonly finish?: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** Cuts a text in parts. */
export type Pieces = (text: string) => readonly string[];

/** The call in which a model wraps parallel calls, as it makes them among itself; recorded under both names. */
export function toWrapperCall(
  id: string,
  uses: readonly { readonly name: string; readonly parameters: Json }[],
  name: "multi_tool_use.parallel" | "parallel" = "multi_tool_use.parallel",
): ReplyCall {
  const calls = uses.map((use) => ({ recipient_name: `functions.${use.name}`, parameters: use.parameters }));
  return { id, name, arguments: JSON.stringify({ tool_uses: calls }) };
}

/** Pieces of parallel calls may come mixed; an index tells them apart. */
export function interleave<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const mixed: T[] = [];
  for (let at = 0; lists.some((list) => at < list.length); at++) {
    for (const list of lists) if (at < list.length) mixed.push(list[at] as T);
  }
  return mixed;
}

export const USAGE = { input: 11, output: 7 };
