// What a route is: data, from which the server, the access matrix, the OpenAPI document and the client come. A route without
// an access tag does not compile.
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { PrincipalInput } from "../../call/principal.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { AnyCode } from "./http-codes.ts";
import type { Refusal } from "./problem.ts";

/**
 * Who may ask. `public`: everybody. `caller`: whoever is known (also an anonymous GUEST, where that is switched on). `admin`: ADMIN of
 * a tenant, for what belongs to that tenant. `operator`: ADMIN of the tenant `default`, for what all tenants share.
 */
export type Access = "public" | "caller" | "admin" | "operator";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Fields by their names in lower case. */
export type RequestHeaders = FastifyRequest["headers"];

/** Whose request it is. */
export interface Caller {
  readonly principal: PrincipalInput & { readonly tenant: string };
  readonly kind: "key" | "token" | "anonymous";
  /** Of the key, or the issuer of the token. */
  readonly credential: string | null;
  /** Whether it holds the role ADMIN; false where the route did not ask. */
  readonly isAdmin: boolean;
  /** ADMIN of the tenant `default`: may name other tenants. */
  readonly isOperator: boolean;
}

export interface RouteRequest<Params, Query, Body> {
  readonly id: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body as it came: JSON text. */
  readonly text: string | undefined;
  /** null: the route is public. */
  readonly caller: Caller | null;
  readonly headers: RequestHeaders;
  /** Aborted when the client goes away before its answer is whole, or when the server's time is over. Made when it is read. */
  readonly signal: AbortSignal;
}

/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface RouteReply {
  /** @default 200, or 204 without a body */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON data. */
  readonly body?: unknown;
  /** The body as text, JSON unless the headers say otherwise. */
  readonly text?: string;
  readonly events?: AsyncIterable<ServerEvent>;
  readonly refusal?: Refusal;
}

export interface Route<Parts = never> {
  /** `operationId`: the name of the client's method. */
  readonly id: string;
  readonly method: Method;
  /** As OpenAPI writes it: `/v1/tools/{ref}`. */
  readonly path: string;
  readonly access: Access;
  readonly tag: string;
  readonly summary: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** null: none is read. `raw`: any JSON, handed on as text. */
  readonly body: z.ZodType | "raw" | null;
  /** What the success answers; null: nothing. */
  readonly answer: z.ZodType | null;
  /** @default 200, or 204 without an answer */
  readonly status: number;
  /** Codes besides those that every route may answer. */
  readonly errors: readonly AnyCode[];
  /** Whether it still answers while the server drains or is busy. */
  readonly always: boolean;
  /** Header fields it reads, for the document. */
  readonly headers: Readonly<Record<string, string>>;
  readonly handle: (request: RouteRequest<never, never, never>, parts: Parts) => MaybePromise<RouteReply>;
}

/** A route as it is written. */
export interface RouteInput<Parts, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | "raw" | null> {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly access: Access;
  readonly tag: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer?: z.ZodType;
  readonly status?: number;
  readonly errors?: readonly AnyCode[];
  readonly always?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly handle: (
    request: RouteRequest<z.output<P>, z.output<Q>, B extends z.ZodType ? z.output<B> : undefined>,
    parts: Parts,
  ) => MaybePromise<RouteReply>;
}
