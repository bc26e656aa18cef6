// What came under a name that says "secret" is in no issue: answers are kept in conversations and logs.
import { type } from "arktype";
import * as v from "valibot";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Issue } from "../../call/issue.ts";
import { createSchema } from "./create-schema.ts";

const CANARY = "canary-40f1e7@";
const VALUE = { password: CANARY, account: { accessToken: [CANARY, 7_340_119] }, email: "not an address" };

const OPEN = { email: "string.email" } as const;
const SCHEMAS: readonly (readonly [string, unknown])[] = [
  [
    "JSON Schema",
    {
      type: "object",
      properties: {
        email: { type: "string", pattern: "^\\S+@" },
        password: { type: "string", maxLength: 3 },
        account: { type: "object", properties: { accessToken: { type: "array", items: { type: "boolean" } } } },
      },
    },
  ],
  [
    "Zod",
    z.object({
      email: z.email(),
      password: z.string().refine((text) => text.length < 4, { error: ({ input }) => `is too long: ${String(input)}` }),
      account: z.object({ accessToken: z.array(z.boolean()) }),
    }),
  ],
  [
    "Valibot",
    toStandardJsonSchema(
      v.object({
        email: v.pipe(v.string(), v.email()),
        password: v.pipe(v.string(), v.email()),
        account: v.object({ accessToken: v.array(v.boolean()) }),
      }),
    ),
  ],
  ["ArkType", type({ ...OPEN, password: "string.email", account: { accessToken: "boolean[]" } })],
];

async function issuesOf(schema: unknown): Promise<readonly Issue[]> {
  const created = createSchema(schema, "input", { path: "t@1.0.0: input" });
  if (!created.ok) throw new Error(JSON.stringify(created));
  const validation = await created.schema.validate(VALUE);
  return validation.ok ? [] : validation.issues;
}

test.each(SCHEMAS)(
  "issues of %s tell of a secret only its kind, and of other values what came",
  async (_name, schema) => {
    const issues = await issuesOf(schema);
    const text = JSON.stringify(issues);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain("7340119");
    expect(issues.find(({ path }) => path.join(".") === "password")?.received).toBe("string");
    expect(issues.find(({ path }) => path.join(".") === "account.accessToken.1")?.received).toBe("number");
    expect(issues.find(({ path }) => path.join(".") === "email")?.received).toBe('string "not an address"');
  },
);
