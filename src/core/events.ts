// Listeners of a registry. One that throws cannot disturb the registry or the other listeners: its error is reported as
// an uncaught one would be, outside the call.
import type { RegistryEvents } from "./registry.ts";
import { tellListener } from "./tell-listener.ts";

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
        tellListener(`a listener of ${JSON.stringify(event)}`, listener as (value: unknown) => unknown, payload);
      }
    },
  };
}
