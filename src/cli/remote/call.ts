// `toolyard call` by a server: the outcome looks as it does where the tools are.
import { type Client, type ProblemDetails, type ToolEvent, ToolyardClientError } from "../../client/index.ts";
import { type CallEvent, ERROR_CODES, type Outcome, type OutcomeError } from "../../index.ts";
import { printStream } from "../call-stream.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printOutcome } from "../outcome-text.ts";
import { readArguments } from "../read-arguments.ts";
import type { Remote, Session, VerbOptions } from "../verb.ts";
import { parseExactJson } from "./exact-json.ts";
import { RemoteError } from "./remote-error.ts";

type Asked = Parameters<Client["callTool"]>[0];

export async function callRemotely(session: Session, { client, args, options }: Remote): Promise<ExitCode> {
  const [ref = "", given] = args;
  const text = await readArguments(session.io, given, options["file"] as string | undefined);
  const controller = new AbortController();
  const stopListening = session.io.onInterrupt(() => {
    controller.abort();
  });
  const isStreamed = options["stream"] === true;
  try {
    const asked = { ref, ...toBody(text), ...toSettings(options), signal: controller.signal };
    const outcome = await (isStreamed ? stream(session, client, asked) : call(client, asked));
    printOutcome(session.output, outcome, isStreamed);
    return outcome.ok ? EXIT.ok : EXIT.refused;
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    const message = "interrupted; whether the call took effect is not known";
    throw new RemoteError(message, { code: "CANCELLED", exitCode: EXIT.interrupted });
  } finally {
    stopListening();
  }
}

function toBody(text: string | undefined): { readonly body?: unknown } {
  if (text === undefined) return {};
  try {
    return { body: parseExactJson(text) };
  } catch (error) {
    const message = `the arguments are not JSON that can be accepted: ${(error as Error).message} (INVALID_JSON)`;
    throw new RemoteError(message, { code: "INVALID_JSON", exitCode: EXIT.refused });
  }
}

function toSettings({ dryRun, timeout, idempotencyKey }: VerbOptions): Omit<Asked, "ref"> {
  return {
    ...(dryRun === true && { dryRun }),
    ...(timeout !== undefined && { timeoutMs: timeout as number }),
    ...(idempotencyKey !== undefined && { idempotencyKey: idempotencyKey as string }),
  };
}

async function call(client: Client, asked: Asked): Promise<Outcome> {
  try {
    return toSuccess(await client.callTool(asked));
  } catch (error) {
    return toFailure(error);
  }
}

function stream(session: Session, client: Client, asked: Asked): Promise<Outcome> {
  return printStream(session, toEvents(client.streamTool(asked)));
}

async function* toEvents(events: AsyncIterable<ToolEvent>): AsyncGenerator<CallEvent, void, undefined> {
  try {
    for await (const { event, data } of events) {
      if (event === "outcome") yield { type: event, outcome: toSuccess(data) };
      else yield { type: event, ...data } as CallEvent;
    }
  } catch (error) {
    yield { type: "outcome", outcome: toFailure(error) };
  }
}

type Answer = Awaited<ReturnType<Client["callTool"]>>;

function toSuccess({ output, content = [], meta }: Answer): Outcome {
  return { ok: true, output, content, meta } as unknown as Outcome;
}

/** The outcome that `error` tells of. Throws the error when it tells of none: then there was no call. */
function toFailure(error: unknown): Outcome {
  const problem = error instanceof ToolyardClientError ? error.problem : null;
  if (problem?.meta === undefined || !Object.hasOwn(ERROR_CODES, problem.code)) throw error;
  const { continuation = null, meta } = problem;
  return { ok: false, error: toOutcomeError(problem), continuation, meta } as unknown as Outcome;
}

function toOutcomeError(problem: ProblemDetails): OutcomeError {
  const { effect = "unknown", retryable = false, retryAfterMs = null } = problem;
  const { issues = [], toolCode = null, suggestions = [], details } = problem;
  const error = { effect, retryable, retryAfterMs, issues, toolCode, suggestions, details };
  return { code: problem.code, message: problem.detail, ...error } as unknown as OutcomeError;
}
