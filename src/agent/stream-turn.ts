// A turn as a stream of events. Leaving the loop cancels the turn and waits until it has come to rest, so that the
// conversation is whole when the loop is over.
import type { Turn } from "./chat-state.ts";
import type { ChatEvent } from "./events.ts";
import { runTurn, type TurnSetup } from "./run-turn.ts";

/** Runs the turn and yields its events. */
export async function* streamTurn(setup: TurnSetup, turn: Turn): AsyncGenerator<ChatEvent, void, undefined> {
  const reader = new AbortController();
  const queue: ChatEvent[] = [];
  let wake: () => void = () => {};
  let goOn: () => void = () => {};
  const running = runTurn({ ...setup, signal: AbortSignal.any([setup.signal, reader.signal]) }, turn, (event) => {
    queue.push(event);
    wake();
    if (event.type !== "checkpoint") return undefined;
    return new Promise<void>((resolve) => (goOn = resolve));
  });
  // Only a registry that breaks its promise can end a turn without `done`; the loop then ends with its exception.
  let broken = false;
  running.catch(() => {
    broken = true;
    wake();
  });
  try {
    for (;;) {
      const event = queue.shift();
      if (event === undefined) {
        if (broken) return;
        await new Promise<void>((resolve) => (wake = resolve));
      } else {
        yield event;
        if (event.type === "done") return;
        // Whoever asks for more has done with it what was to be done.
        if (event.type === "checkpoint") goOn();
      }
    }
  } finally {
    reader.abort(new DOMException("The reader left the stream.", "AbortError"));
    await running;
  }
}
