// The client: one method for each operation of the server, typed out of its routes.
import { isObject } from "../kernel/json.ts";
import { ToolyardClientError } from "./client-error.ts";
import { type ClientOptions, type ClientSettings, toClientSettings } from "./client-options.ts";
import { createDeadline, type Deadline } from "./deadline.ts";
import { exchange } from "./exchange.ts";
import { OPERATIONS, type Operations, type Outcome } from "./operations.ts";
import { prepareRequest, type PreparedRequest } from "./prepare-request.ts";
import { isProblem, readAnswer, toProblemError } from "./read-answer.ts";
import { readEvents } from "./read-events.ts";

/** Of every request, beside its parameters. */
export interface RequestSettings {
  readonly signal?: AbortSignal | undefined;
  /** More header fields, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

type Input<Id extends keyof Operations> = Operations[Id]["input"] & RequestSettings;
type Parameters<Id extends keyof Operations> = object extends Input<Id> ? [input?: Input<Id>] : [input: Input<Id>];

/** What `streamTool` yields; the last one is the outcome. */
export type ToolEvent =
  | { readonly event: "progress"; readonly data: { readonly fraction?: number; readonly message?: string } }
  | { readonly event: "partial"; readonly data: { readonly value: unknown } }
  | { readonly event: "outcome"; readonly data: Outcome };

type Methods = {
  readonly [Id in keyof Operations]: (...input: Parameters<Id>) => Promise<Operations[Id]["output"]>;
};

/** One method for each `operationId`. Parameters of path, query and headers are members of its input, next to `body`. */
export interface Client extends Methods {
  /**
   * Calls a tool and yields what it tells on the way. Throws the refusal in place of an outcome; left early, it ends the call.
   */
  streamTool(input: Input<"callTool">): AsyncGenerator<ToolEvent, void, undefined>;
}

/**
 * A client of a Toolyard server. Refusals are thrown as `ToolyardClientError`; what the caller's signal aborts throws its reason.
 * Redirects are not followed. Throws a TypeError for options and inputs that cannot be.
 */
export function createClient(options: ClientOptions): Client {
  const settings = toClientSettings(options);
  const ask = async (id: keyof Operations, input: object = {}): Promise<unknown> => {
    const request = toRequest(settings, id, input);
    const deadline = toDeadline(settings, request);
    const { operation } = request;
    try {
      const response = await exchange(settings, request, deadline);
      return await readAnswer(response, { operation, maxBytes: settings.maxBytes });
    } catch (error) {
      throw deadline.toError(error);
    } finally {
      deadline.end();
    }
  };
  const ids = Object.keys(OPERATIONS) as (keyof Operations)[];
  const methods = Object.fromEntries(ids.map((id) => [id, (input?: object) => ask(id, input)])) as unknown as Methods;
  return Object.freeze({ ...methods, streamTool: (input: object) => streamTool(settings, input) });
}

function toRequest({ base }: ClientSettings, id: keyof Operations, input: object): PreparedRequest {
  if (!isObject(input)) throw new TypeError(`${id}: expected an object`);
  return prepareRequest(base, id, OPERATIONS[id], input);
}

function toDeadline({ clock, timeoutMs }: ClientSettings, { operation, signal }: PreparedRequest): Deadline {
  return createDeadline({ clock, timeoutMs, operation, signal });
}

async function* streamTool(settings: ClientSettings, input: object): AsyncGenerator<ToolEvent, void, undefined> {
  const request = toRequest(settings, "callTool", input);
  request.headers.set("accept", "text/event-stream, application/problem+json");
  const deadline = toDeadline(settings, request);
  try {
    const response = await exchange(settings, request, deadline);
    yield* toToolEvents(response, request.operation, settings, deadline);
  } catch (error) {
    throw deadline.toError(error);
  } finally {
    deadline.end();
  }
}

async function* toToolEvents(
  response: Response,
  operation: string,
  { maxBytes }: ClientSettings,
  deadline: Deadline,
): AsyncGenerator<ToolEvent, void, undefined> {
  const limits = { operation, maxBytes };
  for await (const { event, data } of readEvents(response.body ?? toNothing(), limits, deadline.extend)) {
    const value = toData(operation, data);
    if (event === "error" && isProblem(value)) throw toProblemError(operation, value, value.status, null);
    // Kinds that came after this client are nothing to it.
    if (event !== "progress" && event !== "partial" && event !== "outcome") continue;
    // Whoever reads may take their time.
    deadline.pause();
    yield { event, data: value } as ToolEvent;
    if (event === "outcome") return;
    deadline.extend();
  }
  throw toUnexpected(operation, "the events ended before the outcome");
}

async function* toNothing(): AsyncGenerator<Uint8Array, void, undefined> {
  // No body, no events.
}

function toData(operation: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw toUnexpected(operation, "an event is no JSON");
  }
}

function toUnexpected(operation: string, detail: string): ToolyardClientError {
  return new ToolyardClientError({ operation, code: "UNEXPECTED_ANSWER", detail, status: 200 });
}
