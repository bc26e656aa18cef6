// An HTTP tool as data: what a file or a REST client sends, with its defaults filled in. Everything in it may be shown;
// secrets stand in it as references.
import type { JsonValue } from "../../kernel/json.ts";
import type { EffectState } from "../../errors/tool-error.ts";
import type { ToolProperties } from "../../tool/definition.ts";
import type { Effect } from "../../tool/effect.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";

export type HttpMethod = "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Where an argument goes. */
export interface HttpParameter {
  readonly in: "path" | "query" | "header" | "body";
  /** What the upstream calls it. @default the name of the member */
  readonly name: string;
  /** How an array stands in a query or a form: `a=1&a=2`, or `a=1,2`. @default "repeat" */
  readonly style?: "repeat" | "comma";
}

/** How the tool says who it is. The secret is sent to the origin of `url` and to no other. */
export type HttpAuth = (
  | {
      /** Name of the header. */
      readonly header: string;
      /** What stands before the secret, such as `Bearer`. @default "Bearer" for Authorization, nothing for others */
      readonly scheme?: string;
    }
  /** Name of the parameter in the query. */
  | { readonly query: string }
  /** The user of HTTP Basic; the secret is the password. */
  | { readonly basic: string }
) & {
  /** A reference, such as `vault:orders/token`. */
  readonly secret: string;
  /** Permits the secret to go over `http:`, unencrypted; to loopback it may anyway. @default false */
  readonly overHttp?: boolean;
};

/** What of an answer is the tool's output. */
export interface HttpResponse {
  /** JSON Pointer (RFC 6901) to the output within the answer. @default the whole answer */
  readonly pointer?: string;
  /** The output is the answer's text, unparsed. @default false */
  readonly text?: boolean;
  /** Bytes of the answer, 1 to 16,777,216. @default 1,048,576 */
  readonly maxBytes: number;
}

/** What a status means. */
export interface HttpErrorRule {
  /** SCREAMING_SNAKE; the outcome's `toolCode`. */
  readonly code: string;
  /** Shown to the model. @default a text that names the status */
  readonly message?: string;
  /** @default that of the status */
  readonly retryable?: boolean;
  /** Whether the effect happened. @default that of the status */
  readonly effect?: EffectState;
  /** JSON Pointer to a text of the answer that is shown to the model, such as `/detail`. @default nothing of it */
  readonly pointer?: string;
}

/** The exchange behind a tool. */
export interface HttpExchange {
  readonly method: HttpMethod;
  /** Absolute, with `{name}` for arguments in the path. */
  readonly url: string;
  /** Of every member of the input. */
  readonly parameters: Readonly<Record<string, HttpParameter>>;
  readonly body?: "json" | "form";
  /** Sent as they are. Not secret. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly auth?: HttpAuth;
  /** The header that carries the idempotency key, for upstreams that do a keyed thing once. */
  readonly idempotencyKeyHeader?: string;
  readonly response: HttpResponse;
  /** By status, such as `404`, or by its class, `4xx` or `5xx`. */
  readonly errors?: Readonly<Record<string, HttpErrorRule>>;
}

/** What `parseHttpTool` gives, and takes: a checked definition parsed again is the same. */
export interface HttpToolDefinition extends Omit<ToolProperties, "effect" | "honoursKeys" | "exactNumbers" | "source"> {
  /** @default of GET, HEAD and OPTIONS "read", of other methods "write" */
  readonly effect: Effect;
  /** @default true for what reads, PUT and DELETE (RFC 9110 §9.2.2) */
  readonly idempotent: boolean;
  /** `bigint`: integers that a double cannot hold reach the upstream as they were sent. @default refused */
  readonly exactNumbers?: "bigint";
  readonly cost?: number;
  readonly fallback?: { readonly value: JsonValue } | { readonly tool: string; readonly reserveMs?: number };
  /** JSON Schema of an object, closed: a member that is not named goes nowhere, and so is refused. */
  readonly input: JsonSchema;
  readonly output?: JsonSchema;
  readonly examples?: readonly JsonValue[];
  readonly http: HttpExchange;
}
