// Promises that were rejected and that nobody listens to: in production each of them ends the process.
import { onTestFinished } from "vitest";

/** Their reasons, as far as the event loop has come to them. Listens until the test is over. */
export function listenForRejections(): readonly unknown[] {
  const seen: unknown[] = [];
  const onRejection = (reason: unknown): void => {
    seen.push(reason);
  };
  process.on("unhandledRejection", onRejection);
  onTestFinished(() => {
    process.off("unhandledRejection", onRejection);
  });
  return seen;
}
