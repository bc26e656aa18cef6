// A tool whose handler has faults. Only the handler is exchanged: the definition, and with it the digest, stays the same.
import type { HandlerEvent } from "../call/event.ts";
import type { AnyTool } from "../tool/definition.ts";
import type { Strike } from "./strike.ts";

type Handler = (input: unknown, context: unknown) => unknown;

/** `tool` with the strikes of `begin` around its handler. */
export function toUnreliableTool<T extends AnyTool>(tool: T, begin: () => Strike | null): T {
  const { definition } = tool;
  const handler = definition.handler as unknown;
  // Left for the registration to refuse by name.
  if (typeof handler !== "function") return tool;
  const wrapped = { ...definition, handler: toUnreliableHandler(handler as Handler, begin) };
  return Object.freeze({ ...tool, definition: Object.freeze(wrapped) });
}

/**
 * A generator, whatever `handler` is: whether a function returns one is not known before it is called, and what it yields
 * could not be passed on out of a promise.
 */
function toUnreliableHandler(handler: Handler, begin: () => Strike | null): Handler {
  return async function* unreliable(input: unknown, context: unknown): AsyncGenerator<HandlerEvent, unknown> {
    const strike = begin();
    const delay = strike?.before([context]) ?? null;
    if (delay !== null) await delay;
    const result = handler(input, context);
    const output: unknown = isAsyncGenerator(result) ? yield* result : await result;
    if (strike !== null) await strike.after([context]);
    return output;
  };
}

function isAsyncGenerator(value: unknown): value is AsyncGenerator<HandlerEvent, unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value;
}
