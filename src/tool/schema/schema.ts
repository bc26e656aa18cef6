// What a tool may give as its input and output schema, and what we make of it.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Issue } from "../../call/issue.ts";

/** A JSON Schema object, 2020-12 (or draft-07, when its `$schema` says so). */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A Standard Schema that offers JSON Schema (Zod 4, ArkType, wrapped Valibot), or a JSON Schema. */
export type ToolSchema = StandardSchemaV1 | JsonSchema;

/** What a caller gives: the schema's input. `unknown` for a JSON Schema. */
export type SchemaInput<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : unknown;
/** What a handler gets: the schema's output. A JSON Schema's is an object with unknown members. */
export type SchemaOutput<S> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : Readonly<Record<string, unknown>>;

/** A value that was refused. */
export interface Refused {
  readonly ok: false;
  /** Made when first read: whoever repairs the value instead never pays for the words. */
  readonly issues: readonly Issue[];
  /**
   * Standard Schema: whether the library found fault with the value at `path` or with one that contains it. Its own
   * word, since its JSON Schema may be narrower than what it accepts (`z.coerce.number()` takes text).
   */
  readonly blames?: (path: readonly (string | number)[]) => boolean;
}

export type Validation = { readonly ok: true; readonly value: unknown } | Refused;

/** A schema ready for use. Made at registration; compiles at the first validation. */
export interface Schema {
  /** Name of the Standard Schema library, such as `zod`; null for a JSON Schema. */
  readonly vendor: string | null;
  /** 2020-12 or draft-07 JSON Schema of what callers send (for an output: of what callers get), deeply frozen. */
  readonly jsonSchema: JsonSchema;
  /** Validates JSON data; all issues at once. A Standard Schema may answer with a promise. Never throws. */
  validate(value: unknown): MaybePromise<Validation>;
  /** Compiles now, so that `registry.check()` finds what only compilation shows. Throws with the reason. */
  compile(): void;
}
