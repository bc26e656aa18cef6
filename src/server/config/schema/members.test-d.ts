import { test } from "vitest";
import { z } from "zod";
import { members } from "./members.ts";

interface Input {
  readonly a: number;
  readonly b?: readonly string[];
}

test("a schema has every key of its type, no other, and nothing that the type does not take", () => {
  members<Input>()({ a: z.number(), b: z.array(z.string()).optional() });
  // @ts-expect-error -- a key is missing
  members<Input>()({ a: z.number() });
  // @ts-expect-error -- a key is too many
  members<Input>()({ a: z.number(), b: z.array(z.string()), c: z.number() });
  // @ts-expect-error -- another type
  members<Input>()({ a: z.string(), b: z.array(z.string()) });
  // @ts-expect-error -- what is required may not be left out
  members<Input>()({ a: z.number().optional(), b: z.array(z.string()) });
});
