// What an operation may answer: its success, and its refusals by status, with the codes that lead there.
import { type AnyCode, type Route, toRow } from "../http/index.ts";
import type { Answer, Schema } from "./document.ts";
import type { SchemaBook } from "./schema-book.ts";

const PROBLEM = { $ref: "#/components/schemas/ProblemDetails" };
/** Operations that answer with events when the request accepts them. */
const STREAMING: ReadonlySet<string> = new Set(["callTool"]);
/** Of every call of a tool, whatever the tool. */
const OF_CALLS = ["STOPPED", "FORBIDDEN", "HOOK_REFUSED", "HOOK_FAILED", "COST_INVALID", "DEPTH_EXCEEDED"] as const;

export function toAnswers(route: Route<never>, book: SchemaBook): Readonly<Record<string, Answer>> {
  const refusals = Object.groupBy([...new Set([...toCommonCodes(route), ...route.errors])], (code) =>
    String(toRow(code).status),
  );
  const problems = Object.entries(refusals).map(([status, codes = []]) => [status, toRefusal(codes)] as const);
  return {
    [String(route.status)]: toSuccess(route, book),
    ...Object.fromEntries(problems),
    default: {
      description: "Any other refusal.",
      content: { "application/problem+json": { schema: PROBLEM } },
    },
  };
}

function toSuccess({ id, answer, status }: Route<never>, book: SchemaBook): Answer {
  if (answer === null) return { description: "Done; there is nothing to say." };
  const schema = book.toOutput(answer);
  const description = status === 201 ? "Made." : "The answer.";
  // The only text that is an answer as a whole is a page.
  if (schema.type === "string") return { description, content: { "text/html": { schema } } };
  const json = { "application/json": { schema } };
  return { description, content: STREAMING.has(id) ? { ...json, "text/event-stream": { schema: EVENTS } } : json };
}

const EVENTS: Schema = {
  type: "string",
  description:
    "Server-sent events: `progress` and `partial` as they come, then one `outcome`, whose data is the answer, or one " +
    "`error`, whose data is problem details.",
};

function toRefusal(codes: readonly AnyCode[]): Answer {
  const sorted = codes.toSorted();
  const lines = sorted.map((code) => `\`${code}\`: ${toRow(code).title}`);
  return {
    description: lines.join("\n\n"),
    // The schema leaves the code open: programs live longer than this list.
    content: { "application/problem+json": { schema: PROBLEM } },
    "x-toolyard-codes": sorted,
  };
}

/** What the server itself may answer before the route is reached, and around it. */
function toCommonCodes({ id, access, always, body, params }: Route<never>): readonly AnyCode[] {
  if (always) return ["INTERNAL"];
  return [
    ...(["INVALID_REQUEST", "INVALID_URL", "ORIGIN_REFUSED", "HOST_REFUSED", "REQUEST_TIMEOUT"] as const),
    ...(["HEADERS_TOO_LARGE", "RATE_LIMITED", "SERVER_BUSY", "INTERNAL"] as const),
    ...(body === null ? [] : (["BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "INVALID_JSON"] as const)),
    ...(access === "public" ? [] : (["UNAUTHENTICATED", "AUTH_UNAVAILABLE"] as const)),
    ...(access === "admin" || access === "operator" ? (["FORBIDDEN"] as const) : []),
    ...(STREAMING.has(id) ? OF_CALLS : []),
    // What belongs to another tenant is not there.
    ...(access === "admin" && "shape" in params ? (["NOT_FOUND"] as const) : []),
  ];
}
