// A call as a stream of events. The queue between the handler and the reader is bounded: a partial waits for room, a
// progress event that finds none is dropped, because the next one says more.
import type { CallEvent, HandlerEvent } from "../call/event.ts";
import type { Outcome } from "../call/outcome.ts";
import type { Environment } from "./environment.ts";
import type { Request } from "./call.ts";

const MAX_WAITING = 64;

/** Runs the call and yields its events; the outcome is the last. Leaving the loop cancels the call. */
export async function* stream(environment: Environment, request: Request): AsyncGenerator<CallEvent, void, undefined> {
  const queue: HandlerEvent[] = [];
  const gate = createGate();
  const room = createGate();
  const reader = new AbortController();
  let outcome: Outcome | null = null;

  const emit = async (event: HandlerEvent): Promise<void> => {
    if (event.type === "progress" && queue.length >= MAX_WAITING) return;
    while (queue.length >= MAX_WAITING && !reader.signal.aborted) await room.wait();
    if (outcome !== null) return;
    queue.push(event);
    gate.open();
  };

  const signals = request.signal === null ? reader.signal : AbortSignal.any([request.signal, reader.signal]);
  const running = environment.execute({ ...request, emit, signal: signals }).then((ended) => {
    outcome = ended;
    gate.open();
  });

  try {
    for (;;) {
      const event = queue.shift();
      if (event !== undefined) {
        room.open();
        yield event;
      } else if (outcome !== null) {
        yield { type: "outcome", outcome };
        return;
      } else {
        // `execute` does not reject; if it ever did, the reader should hear of it rather than wait.
        await Promise.race([gate.wait(), running]);
      }
    }
  } finally {
    reader.abort(new DOMException("The reader left the stream.", "AbortError"));
    room.open();
  }
}

interface Gate {
  /** Resolves at the next `open`. */
  wait(): Promise<void>;
  open(): void;
}

function createGate(): Gate {
  let waiting: (() => void)[] = [];
  return {
    wait: () => new Promise((resolve) => waiting.push(resolve)),
    open() {
      const released = waiting;
      waiting = [];
      for (const resolve of released) resolve();
    },
  };
}
