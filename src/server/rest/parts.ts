// What routes work with.
import type { Clock, Registry } from "../../index.ts";
import type { Keys } from "../../keys/index.ts";
import type { AuditReader } from "../../ports/audit-reader.ts";
import type { ProtectedResourceMetadata } from "../auth/index.ts";
import type { z } from "zod";
import { defineRoute, type Nothing, type Route, type RouteInput } from "../http/index.ts";

/** Whether the server takes work, and why not. */
export interface Readiness {
  readonly ready: boolean;
  /** Each with what is wrong; `degraded` ones are told and do not keep it from being ready. */
  readonly reasons: readonly { readonly what: string; readonly degraded: boolean; readonly detail: string }[];
}

export interface RestParts {
  readonly registry: Registry<never>;
  readonly clock: Clock;
  /** null: there are none, because the state is in memory. */
  readonly keys: Keys | null;
  /** null: nothing is kept that could be read. */
  readonly audit: AuditReader | null;
  /** Of Toolyard. */
  readonly version: string;
  readonly readiness: () => Promise<Readiness>;
  readonly metadata: () => ProtectedResourceMetadata | null;
  /** The OpenAPI document as text; null: it is not shown. */
  readonly openapi: () => string | null;
  /** The page that shows it; null: it is not shown. */
  readonly docs: () => { readonly html: string; readonly policy: string } | null;
}

export type RestRoute = Route<RestParts>;

/** A route of the registry. */
export function route<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType | "raw" | null = null,
>(input: RouteInput<RestParts, P, Q, B>): RestRoute {
  return defineRoute(input);
}
