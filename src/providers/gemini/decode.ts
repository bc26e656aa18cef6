// The function calls in a response of Gemini. Each one is answered, also one that has the id of another: the API counts
// calls and answers.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { describe, type RawCall, toText } from "../raw-call.ts";
import type { GeminiCall, GeminiContent, GeminiPart, GeminiSource } from "./wire.ts";

/** What the API says of calls that it could not read or would not have: there is nothing in them to execute. */
const UNUSABLE: ReadonlySet<unknown> = new Set(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"]);
const PIECES = "The arguments came in pieces, of which this call has one; call again with all of them.";

/** The calls in order. Throws INVALID_OPTION when `source` is none of what `GeminiSource` names. */
export function decodeGemini(source: GeminiSource): readonly RawCall<GeminiCall>[] {
  const { parts, isUsable } = findParts(source);
  return isUsable ? toRawCalls(parts) : [];
}

/** The calls among parts of a content, each under an id of its own. */
export function toRawCalls(parts: readonly GeminiPart[]): readonly RawCall<GeminiCall>[] {
  const used = new Set<string>();
  return findCalls(parts).map((wire, index) => {
    const given = toText(wire.id);
    const id = toUnusedId(given === "" ? `call_${index}` : given, used);
    used.add(id);
    const problem = isPiece(wire) ? PIECES : null;
    const { args = {} } = wire;
    return { id, name: toText(wire.name), input: args, problem, wire, ...(given === "" && { isIdMadeUp: true }) };
  });
}

/** The calls as they came. */
export function findCalls(parts: readonly GeminiPart[]): readonly GeminiCall[] {
  return parts.flatMap(({ functionCall }) => (isObject(functionCall) ? [functionCall as GeminiCall] : []));
}

/** Whether the call is one of several that hold its arguments, as Vertex AI sends them when it is asked to. */
export function isPiece(call: GeminiCall): boolean {
  return "partialArgs" in call || ("willContinue" in call && call.willContinue === true);
}

/** `id`, or with a number behind it the first that is not used. */
export function toUnusedId(id: string, used: ReadonlySet<string>): string {
  let unused = id;
  for (let count = 2; used.has(unused); count++) unused = `${id}_${count}`;
  return unused;
}

/** The model's turn, to stand in the conversation; null when it said nothing that could. */
export function findContent(source: GeminiSource): object | null {
  const { content, parts, isUsable } = findParts(source);
  if (parts.length === 0 || (!isUsable && findCalls(parts).length > 0)) return null;
  return content ?? { role: "model", parts: [...parts] };
}

interface Found {
  /** null where there are only parts. */
  readonly content: GeminiContent | null;
  readonly parts: readonly GeminiPart[];
  readonly isUsable: boolean;
}

function findParts(source: unknown): Found {
  if (Array.isArray(source)) return { content: null, parts: source.filter(isObject), isUsable: true };
  if (!isObject(source)) throw refuse(source);
  const { candidates } = source;
  if (Array.isArray(candidates)) {
    const candidate: unknown = candidates[0];
    const { content, finishReason } = isObject(candidate) ? candidate : {};
    const found = isObject(content) ? findParts({ ...content, parts: content["parts"] ?? [] }) : toFound({}, []);
    return { ...found, content: isObject(content) ? content : null, isUsable: !UNUSABLE.has(finishReason) };
  }
  const { parts } = source;
  if (Array.isArray(parts)) return toFound(source, parts.filter(isObject));
  // A prompt that was blocked has no candidates, and a content that was cut off no parts.
  if (["promptFeedback", "usageMetadata", "role"].some((key) => key in source)) return toFound(source, []);
  throw refuse(source);
}

function toFound(content: GeminiContent, parts: readonly GeminiPart[]): Found {
  return { content, parts, isUsable: true };
}

function refuse(source: unknown): ToolyardError {
  return new ToolyardError(
    "INVALID_OPTION",
    `decode: received ${describe(source)}, expected a response of generateContent, a content, or an array of parts`,
  );
}
