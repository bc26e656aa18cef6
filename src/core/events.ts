// Listeners of a registry. One that throws cannot disturb the registry or the other listeners: its error is reported as
// an uncaught one would be, outside the call.
import { isPromiseLike } from "../kernel/maybe-promise.ts";
import type { RegistryEvents } from "./registry.ts";

type Listener = (payload: never) => void;

export interface Emitter {
  on<E extends keyof RegistryEvents>(event: E, listener: (payload: RegistryEvents[E]) => void): () => void;
  emit<E extends keyof RegistryEvents>(event: E, payload: RegistryEvents[E]): void;
}

/** Creates an emitter without listeners. */
export function createEmitter(): Emitter {
  const listeners = new Map<string, Set<Listener>>();
  return {
    on(event, listener) {
      const set = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, set);
      set.add(listener);
      return () => {
        set.delete(listener);
      };
    },
    emit(event, payload) {
      const set = listeners.get(event);
      if (set === undefined) return;
      for (const listener of set) {
        try {
          const answer = (listener as (value: unknown) => unknown)(payload);
          if (isPromiseLike(answer)) answer.then(undefined, (error: unknown) => warn(event, error));
        } catch (error) {
          warn(event, error);
        }
      }
    },
  };
}

function warn(event: string, error: unknown): void {
  // A text can always be made of an error's message; not of everything that can be thrown.
  const shown = error instanceof Error ? error : new Error(`a listener threw ${typeof error}`);
  process.emitWarning(shown, {
    type: "ToolyardListenerWarning",
    detail: `a listener of ${JSON.stringify(event)} failed`,
  });
}
