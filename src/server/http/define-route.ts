// Fills in what most routes have in common.
import { z } from "zod";
import type { Route, RouteInput } from "./route.ts";

/** No parameters. */
export type Nothing = z.ZodType<object>;
const NOTHING: Nothing = z.strictObject({});

/** A route of `Parts`. */
export function defineRoute<
  Parts,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType | "raw" | null = null,
>(input: RouteInput<Parts, P, Q, B>): Route<Parts> {
  const { id, method, path, access, tag, summary } = input;
  const answer = input.answer ?? null;
  return Object.freeze({
    ...{ id, method, path, access, tag, summary, answer },
    params: input.params ?? NOTHING,
    query: input.query ?? NOTHING,
    body: input.body ?? null,
    status: input.status ?? (answer === null ? 204 : 200),
    errors: input.errors ?? [],
    always: input.always ?? false,
    headers: input.headers ?? {},
    handle: input.handle,
  });
}
