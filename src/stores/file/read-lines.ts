// The lines of a file, one at a time, whatever its size.
import { createReadStream } from "node:fs";
import { ToolyardError } from "../../errors/toolyard-error.ts";

const MAX_LINE = 1_048_576;

export interface Line {
  readonly text: string;
  /** Whether `text` is all of it. */
  readonly isWhole: boolean;
}

/**
 * The lines of a file of the trail. Rejects with AUDIT_FAILED when it cannot be read. Not `readline`, which also ends lines at U+2028, and keeps a line of any length in memory.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let text = "";
  let isWhole = true;
  try {
    for await (const chunk of createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>) {
      let start = 0;
      for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
        yield { text: text + chunk.slice(start, end), isWhole };
        text = "";
        isWhole = true;
        start = end + 1;
      }
      text += chunk.slice(start);
      if (text.length > MAX_LINE) {
        text = text.slice(0, 200);
        isWhole = false;
      }
    }
  } catch (error) {
    const { message } = error as Error;
    throw new ToolyardError("AUDIT_FAILED", `audit file ${path} cannot be read: ${message}`, { cause: error });
  }
  if (text !== "") yield { text, isWhole };
}
