// Asks before something that cannot be taken back. Where there is no terminal there is nobody to ask: what was typed is what was meant.
import { createInterface } from "node:readline/promises";
import type { CliIo } from "./io.ts";
import { toSafeLine } from "./output/index.ts";

/** Whether to go on: the answer at a terminal, yes elsewhere. */
export async function confirm({ stdin, stderr }: CliIo, question: string): Promise<boolean> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return true;
  const lines = createInterface({ input: stdin, output: stderr });
  // Without an answer the input has ended, or Ctrl-C was pressed.
  const ended = new AbortController();
  lines.once("close", () => {
    ended.abort();
  });
  try {
    const answer = await lines.question(`${toSafeLine(question)} [y/N] `, { signal: ended.signal });
    return ["y", "yes"].includes(answer.trim().toLowerCase());
  } catch (error) {
    if (ended.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
