import { expect, test } from "vitest";
import { createManualClock } from "../../../testing/manual-clock.ts";
import { createConnection } from "./connection.ts";

/** Sends one request, and says whether its work was done and what came back. */
function createSender() {
  const clock = createManualClock();
  const connection = createConnection(clock);
  const { signal } = new AbortController();
  const send = async (): Promise<readonly [done: boolean, answer: unknown]> => {
    let done = false;
    const work = (): string => {
      done = true;
      return "answer";
    };
    const answer = connection.send(work, signal).catch((error: unknown) => (error as { code: string }).code);
    await clock.advance(15);
    return [done, await answer];
  };
  return { connection, send };
}

test("loses a request before the work is done and an answer after it, which look the same", async () => {
  const { connection, send } = createSender();
  connection.lose("request", 1);
  expect(await send()).toEqual([false, "ECONNRESET"]);
  connection.lose("answer", 1);
  expect(await send()).toEqual([true, "ECONNRESET"]);
  expect(await send()).toEqual([true, "answer"]);
  expect(connection.requests).toBe(3);
});

test("breaks for so many requests, or until it is mended", async () => {
  const { connection, send } = createSender();
  connection.lose("request", 2);
  expect([await send(), await send(), await send()].map(([done]) => done)).toEqual([false, false, true]);
  connection.lose("request", Infinity);
  expect(await send()).toEqual([false, "ECONNRESET"]);
  connection.mend();
  expect(await send()).toEqual([true, "answer"]);
});
