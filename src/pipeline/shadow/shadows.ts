// The shadow runs of a registry: how many there are, and their end. They are nobody's answer, so there are never many, and closing
// does not wait for them.
import type { Scope } from "../../kernel/scope.ts";

/** Runs at the same time, of all tools; while there are so many, further ones are left out. */
const MAX_RUNNING = 16;

export interface Shadows {
  /** A place for a run that `scope` cancels; null when there is none. What it gives returns the place. */
  enter(scope: Scope): (() => void) | null;
  /** Cancels what runs, and lets nothing more begin. */
  end(): void;
}

/** Creates the shadow runs of a registry, of which there are none yet. */
export function createShadows(): Shadows {
  const running = new Set<Scope>();
  let ended = false;
  return {
    enter(scope) {
      if (ended || running.size >= MAX_RUNNING) return null;
      running.add(scope);
      return () => {
        running.delete(scope);
      };
    },
    end() {
      ended = true;
      for (const scope of running) scope.cancel(new DOMException("The registry was closed.", "AbortError"));
    },
  };
}
