// From an error of the client to one of the command line: what to say, and with which exit code.
import type { ToolyardClientError } from "../../client/index.ts";
import { ERROR_CODES, FAULT_CODES } from "../../index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { RemoteError } from "./remote-error.ts";

/** `url` is whom was asked. */
export function toRemoteError(error: ToolyardClientError, url: string): RemoteError {
  const { code, problem, retryAfterMs } = error;
  const problems = problem?.problems ?? [];
  const detail = toDetail(error, url);
  // One problem alone may be the detail itself.
  const untold = problems.filter(({ message }) => !detail.includes(message));
  const lines = [
    `${detail} (${code})`,
    ...untold.map(({ path, message }) => (path === "" ? `  ${message}` : `  ${path}: ${message}`)),
    ...(retryAfterMs === null ? [] : [`  Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`]),
    // What happened inside is in the log of the server alone.
    ...(code === "INTERNAL" && problem?.requestId !== undefined ? [`  request: ${problem.requestId}`] : []),
  ];
  return new RemoteError(lines.join("\n"), { code, exitCode: toExitCode(error), problems, cause: error });
}

function toDetail({ code, message, operation, problem, cause }: ToolyardClientError, url: string): string {
  if (problem !== null) return problem.detail;
  if (code === "CONNECTION_FAILED") return `no answer from ${url}: ${toReason(cause)}`;
  return `${url}: ${message.replace(`${operation}: ${code}: `, "")}`;
}

/** `fetch` says only that it failed; why is in its cause. */
function toReason(error: unknown): string {
  let reason = "the connection failed";
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    reason = (cause as NodeJS.ErrnoException).code ?? cause.message;
  return reason;
}

/** Of requests that cannot be served as they are, whoever asks. */
const USAGE: readonly string[] = [
  ...["INVALID_REQUEST", "INVALID_URL", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE"],
  ...["BODY_TOO_LARGE", "HEADERS_TOO_LARGE", "HOST_REFUSED", "ORIGIN_REFUSED"],
];

/** Faults end as they do when the work is done here. */
function toExitCode({ code, problem }: ToolyardClientError): ExitCode {
  if (problem === null || USAGE.includes(code)) return EXIT.usage;
  return Object.hasOwn(FAULT_CODES, code) && !Object.hasOwn(ERROR_CODES, code) ? EXIT.usage : EXIT.refused;
}
