// What the process has for its own `fetch` before undici is loaded. Must be evaluated before `undici-client.ts` imports it.

/** Where Node's `fetch` looks for its dispatcher. */
export const DISPATCHER_SLOT: symbol = Symbol.for("undici.globalDispatcher.1");

export const dispatcherBefore: unknown = Reflect.get(globalThis, DISPATCHER_SLOT);
