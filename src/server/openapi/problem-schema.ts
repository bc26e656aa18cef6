// Problem details (RFC 9457) as a schema: the body of every answer that is no success. Held to `ProblemDetails` by a test.
import { z } from "zod";

const PLACE = z.looseObject({ path: z.string(), message: z.string() });
const ISSUE = z.looseObject({
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string(),
  expected: z.string(),
  received: z.string(),
  hint: z.string().nullable(),
});

export const PROBLEM_DETAILS: z.ZodObject = z
  .looseObject({
    type: z.string().describe("A URI of the kind of problem: `urn:toolyard:error:` and the code in lower case."),
    title: z.string().describe("What happened, the same for every problem of the code."),
    status: z.number().int().describe("The status of the answer."),
    detail: z.string().describe("What happened this time."),
    code: z.string().describe("What programs branch on."),
    requestId: z.string().optional().describe("The id of the request, as the server's log has it."),
    callId: z.string().optional().describe("The id of the call, as the audit trail has it."),
    effect: z.enum(["none", "applied", "unknown"]).optional().describe("What is known of the call's effect."),
    retryable: z.boolean().optional().describe("Whether the same request may succeed later."),
    retryAfterMs: z.number().int().optional().describe("When to try again, milliseconds; also in `Retry-After`."),
    problems: z.array(PLACE).optional().describe("What is wrong with the request, each with its place."),
    issues: z.array(ISSUE).optional().describe("What is wrong with the arguments of a call."),
    toolCode: z.string().optional().describe("The code of the tool's own, when it refused the call."),
    suggestions: z.array(z.string()).optional().describe("Names that are near to what was asked for."),
    details: z.unknown().optional().describe("More, depending on the code."),
    continuation: z.unknown().optional().describe("How to go on, when the call waits for something."),
    "violated-policies": z.array(z.string()).optional().describe("Names of the quotas that are used up."),
    meta: z.unknown().optional().describe("What is known of the call."),
  })
  .meta({ id: "ProblemDetails", description: "Why a request was refused (RFC 9457)." });
