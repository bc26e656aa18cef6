// The body of an answer: bounded, and what it is by its type.
import type { Clock } from "../kernel/clock.ts";
import { isObject } from "../kernel/json.ts";
import { ToolyardClientError } from "./client-error.ts";
import type { ProblemDetails } from "./operations.ts";

export interface AnswerLimits {
  readonly operation: string;
  readonly maxBytes: number;
}

/** The data of a success: JSON where it says so, text otherwise, undefined when there is none. */
export async function readAnswer(response: Response, limits: AnswerLimits): Promise<unknown> {
  const text = await readText(response, limits);
  if (text === "") return undefined;
  if (!isJson(response)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const { operation } = limits;
    const detail = "the answer is no JSON";
    throw new ToolyardClientError({ operation, code: "UNEXPECTED_ANSWER", detail, status: response.status, cause });
  }
}

/** Whether it is an answer in place of what was asked for. A call that waits for approval is one, with the status 202. */
export function isRefusal(response: Response): boolean {
  return !response.ok || toMediaType(response) === "application/problem+json";
}

/** What a refusal says. */
export async function readRefusal(
  response: Response,
  limits: AnswerLimits,
  clock: Clock,
): Promise<ToolyardClientError> {
  const { operation } = limits;
  const { status } = response;
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400 && status !== 304)) {
    await response.body?.cancel();
    const detail = "the server leads elsewhere, where the key is not sent";
    return new ToolyardClientError({ operation, code: "REDIRECT_REFUSED", detail, status });
  }
  const problem = toProblem(await readText(response, limits));
  const header = toRetryAfter(response.headers.get("retry-after"), clock);
  if (problem === null) {
    const detail = `status ${status}, without problem details`;
    return new ToolyardClientError({ operation, code: "UNEXPECTED_ANSWER", detail, status, retryAfterMs: header });
  }
  return toProblemError(operation, problem, status, header);
}

export function toProblemError(
  operation: string,
  problem: ProblemDetails,
  status: number,
  retryAfterMs: number | null,
): ToolyardClientError {
  const { code, detail } = problem;
  const said = typeof problem.retryAfterMs === "number" ? problem.retryAfterMs : retryAfterMs;
  return new ToolyardClientError({ operation, code, detail, status, problem, retryAfterMs: said });
}

export function isProblem(value: unknown): value is ProblemDetails {
  return isObject(value) && typeof value["code"] === "string" && typeof value["detail"] === "string";
}

function toProblem(text: string): ProblemDetails | null {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : null;
  } catch {
    return null;
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function toRetryAfter(text: string | null, clock: Clock): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - clock.now());
}

async function readText(response: Response, { operation, maxBytes }: AnswerLimits): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  // Left early, the loop ends the connection.
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      const detail = `the answer has more than ${maxBytes} bytes`;
      throw new ToolyardClientError({ operation, code: "ANSWER_TOO_LARGE", detail, status: response.status });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function toMediaType(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function isJson(response: Response): boolean {
  const type = toMediaType(response);
  return type === "application/json" || type.endsWith("+json");
}
