// What a command throws when it was asked for something it cannot do. Ends the process with exit code 2.

export class CliError extends Error {
  override readonly name = "CliError";

  /** `message` says what was received, what is accepted, and what to do. */
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}
