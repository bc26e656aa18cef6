// Asks the person at the terminal before a tool changes something. What is shown is all of what will be executed, made
// safe to show: arguments cut short would be approved unread.
import type { Interface } from "node:readline";
import type { ApprovalDecision, ApprovalRequest, Approve } from "../../agent/index.ts";
import { type Output, toJsonText, toSafeText } from "../output/index.ts";

const YES = new Set(["y", "yes"]);
const NO = new Set(["n", "no"]);
const ALWAYS = new Set(["a", "always"]);
const DENIED = { deny: "The user did not approve this call. It has not been made." } as const;

/** A person who is asked. */
export interface PersonApproval {
  /** The agent's hook: tools that read are not asked about, questions come one at a time. */
  readonly approve: Approve;
  /** Resolves when no question is open: what is printed meanwhile would stand in the answer. */
  idle(): Promise<void>;
}

/** Creates the hook of a chat. */
export function createPersonApproval(lines: Interface, output: Output): PersonApproval {
  const always = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    approve(request) {
      if (request.tool.effect === "read") return true;
      // Calls of one answer are asked about at the same time, and a terminal has one line.
      const decided = last.then(() => askPerson(lines, output, request, always));
      last = decided.then(
        () => {},
        () => {},
      );
      return decided;
    },
    async idle() {
      for (let seen: unknown = null; seen !== last;) {
        seen = last;
        await last;
      }
    },
  };
}

async function askPerson(
  lines: Interface,
  { colors, text, line }: Output,
  { tool, input, signal }: ApprovalRequest,
  always: Set<string>,
): Promise<ApprovalDecision> {
  if (always.has(tool.name)) return true;
  text(toSafeText(`  ? ${tool.name} (${tool.effect}) ${toJsonText(input, 0)}`));
  for (;;) {
    const answer = (await ask(lines, `    ${colors.bold("run it?")} y / n / always `, signal))?.trim().toLowerCase();
    if (answer === undefined || NO.has(answer)) return DENIED;
    if (YES.has(answer)) return true;
    if (ALWAYS.has(answer)) {
      always.add(tool.name);
      return true;
    }
    line(colors.dim("    y: this once, n: no, always: this tool until you leave"));
  }
}

/** The next line; undefined when there is none: the input has ended, or the turn was cancelled. */
async function ask(lines: Interface, question: string, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const leave = (): void => resolve(undefined);
  signal.addEventListener("abort", leave, { once: true });
  lines.once("close", leave);
  try {
    lines.question(question, { signal }, resolve);
    return await promise;
  } finally {
    signal.removeEventListener("abort", leave);
    lines.off("close", leave);
  }
}
