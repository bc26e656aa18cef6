// What one turn of a chat shows: each call as it starts and ends, and the model's words as they come.
import type { ChatCall, ChatEvent, ChatResult } from "../../agent/index.ts";
import { formatDuration } from "../../kernel/duration.ts";
import { type Output, toJsonText, toSafeLine, toSafeText, toTruncated } from "../output/index.ts";

export interface TurnPrinter {
  print(event: Exclude<ChatEvent, { type: "done" }>): void;
  end(result: ChatResult): void;
}

/** Creates the printer of one turn; with JSON it prints nothing, as the result is printed whole. */
export function createTurnPrinter(output: Output): TurnPrinter {
  const { colors, width } = output;
  let text = "";

  // Words are kept until a line is whole: a terminal cannot wrap between words what it gets in pieces.
  const flush = (rest: boolean): void => {
    const end = rest ? text.length : text.lastIndexOf("\n") + 1;
    const whole = text.slice(0, end).trimEnd();
    text = text.slice(end);
    if (whole !== "") output.paragraph(whole, 2);
  };
  if (output.json) return { print() {}, end() {} };
  return {
    print(event) {
      if (event.type === "checkpoint") return;
      if (event.type === "text") {
        text += event.text;
        flush(false);
        return;
      }
      // What a failed attempt has said is void; whole lines of it stand there already.
      if (event.type === "retry") text = "";
      flush(true);
      if (event.type === "result") output.line(toCallLine(event, output));
      else if (event.type === "retry") output.line(colors.dim(`  ${toRetryText(event)}`));
      else output.line(colors.dim(toTruncated(`  → ${toSafeLine(event.tool)} ${toInput(event.input)}`, width)));
    },
    end({ stopped, text: last, error }) {
      const spoke = text.trim() !== "";
      flush(true);
      if (stopped === "answered") return;
      if (error !== undefined) output.line(`  ${colors.red(toSafeText(error.message))}`);
      else if (!spoke) output.paragraph(last, 2);
    },
  };
}

function toRetryText({ delayMs, error }: Extract<ChatEvent, { type: "retry" }>): string {
  return `${toSafeLine(error.message)} Asking again in ${formatDuration(delayMs)}, from the beginning.`;
}

function toCallLine({ tool, outcome }: ChatCall, { colors, width }: Output): string {
  const { durationMs } = outcome.meta;
  const mark = outcome.ok ? colors.green("✓") : colors.red("✗");
  const what = outcome.ok ? toJsonText(outcome.output, 0) : `${outcome.error.code} ${outcome.error.message}`;
  const time = formatDuration(durationMs);
  const head = `${toSafeLine(tool)} `;
  return `  ${mark} ${head}${colors.dim(toTruncated(`${time}  ${toSafeLine(what)}`, width - 5 - head.length))}`;
}

function toInput(input: unknown): string {
  return toSafeLine(typeof input === "string" ? input : toJsonText(input, 0));
}
