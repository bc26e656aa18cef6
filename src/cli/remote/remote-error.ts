// What a server refused, or why there was no answer of it, as the command line reports it.
import type { Problem } from "../../index.ts";
import type { ExitCode } from "../exit-code.ts";

interface RemoteErrorDetails {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

export class RemoteError extends Error {
  override readonly name = "RemoteError";
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly problems: readonly Problem[];

  constructor(message: string, { code, exitCode, problems = [], cause }: RemoteErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = exitCode;
    this.problems = problems;
  }
}
