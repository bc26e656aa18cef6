// What compiling a tool's schema for a provider gives: what is sent, what was changed on the way, and the way back.
import type { JsonSchema } from "../../tool/schema/schema.ts";

/** One difference between the tool's schema and what is sent. The registry still enforces the whole of the former. */
export interface SchemaChange {
  /** Where in a value: `owner.tags[]`, `pet|1` (an alternative), `#node` (a definition); empty at the root. */
  readonly path: string;
  /** The keyword of the tool's schema. */
  readonly keyword: string;
  /**
   * `described`: moved to the description. `widened`: more is accepted. `rewritten`: said in another form. `dropped`: left
   * out.
   */
  readonly what: "described" | "widened" | "rewritten" | "dropped";
  /** For a person, without the place. */
  readonly message: string;
}

/** What a schema takes of the limits of a provider, which may hold for a whole request. */
export interface SchemaCost {
  readonly properties: number;
  /** Levels of objects and arrays. */
  readonly depth: number;
  /** Of names of properties and definitions, and of constants. */
  readonly characters: number;
  readonly enumValues: number;
  /** Properties that are not required. */
  readonly optionals: number;
  /** Places with alternatives or several types. */
  readonly unions: number;
}

export interface CompiledSchema {
  /** What is sent: a plain object at the root; deeply frozen. */
  readonly schema: JsonSchema;
  /** Whether `schema` is in the provider's strict subset. */
  readonly strict: boolean;
  /** Why it is not, with the place; null when it is, or when nobody asked. */
  readonly reason: string | null;
  readonly changes: readonly SchemaChange[];
  readonly cost: SchemaCost;
  /**
   * The arguments a model sent (JSON text or data) as the tool's schema has them: without the nulls that stand for what
   * was left out, under the tool's own names, and with constants in the tool's own case where the provider does not promise
   * it. Numbers keep their digits. The same reference comes back when there is nothing to do, and for text that the
   * registry is going to refuse. Never throws, never changes `input`.
   */
  restore(input: unknown): unknown;
}

/** `change` on a line: `city: minLength moved to the description`. */
export function formatChange({ path, message }: SchemaChange): string {
  return `${path === "" ? "the root" : path}: ${message}`;
}
