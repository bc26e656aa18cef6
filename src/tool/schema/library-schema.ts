// A Standard Schema made ready: its library validates, its JSON Schema is what models see.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Issue } from "../../call/issue.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { capIssues, MAX_ISSUES } from "./issue-list.ts";
import { toIssue, toPath } from "./library-issues.ts";
import type { JsonSchema, Refused, Schema, Validation } from "./schema.ts";

class LibraryRefusal implements Refused {
  readonly ok = false;
  readonly #found: readonly StandardSchemaV1.Issue[];
  readonly #value: unknown;
  readonly #jsonSchema: JsonSchema;
  #issues: readonly Issue[] | null = null;
  #blamed: ReadonlySet<string> | null = null;

  constructor(found: readonly StandardSchemaV1.Issue[], value: unknown, jsonSchema: JsonSchema) {
    this.#found = found;
    this.#value = value;
    this.#jsonSchema = jsonSchema;
  }

  get issues(): readonly Issue[] {
    const enriched = (): readonly Issue[] =>
      this.#found.slice(0, MAX_ISSUES).map((issue) => toIssue(issue, this.#value, this.#jsonSchema));
    return (this.#issues ??= capIssues(enriched(), this.#found.length));
  }

  blames(path: readonly (string | number)[]): boolean {
    this.#blamed ??= new Set(this.#found.map((issue) => toPath(issue).join("\0")));
    for (let length = path.length; length >= 0; length--) {
      if (this.#blamed.has(path.slice(0, length).join("\0"))) return true;
    }
    return false;
  }
}

/** The author's own code threw. What it said may hold anything, so nobody is shown it. */
const FAILED: Refused = Object.freeze({
  ok: false,
  issues: Object.freeze([
    Object.freeze({
      path: Object.freeze([]),
      message: "could not be checked: the tool's schema failed",
      expected: "a schema that can be evaluated",
      received: "an exception",
      hint: "this is for the tool's author",
    }),
  ]),
});

class LibrarySchema implements Schema {
  readonly vendor: string;
  readonly jsonSchema: JsonSchema;
  readonly #standard: StandardSchemaV1.Props;

  constructor(schema: StandardSchemaV1, jsonSchema: JsonSchema) {
    this.#standard = schema["~standard"];
    this.vendor = this.#standard.vendor;
    this.jsonSchema = jsonSchema;
  }

  validate(value: unknown): MaybePromise<Validation> {
    try {
      const result = this.#standard.validate(value);
      if (!isPromiseLike(result)) return this.#toValidation(result, value);
      return result.then(
        (settled) => this.#toValidation(settled, value),
        () => FAILED,
      );
    } catch {
      return FAILED;
    }
  }

  compile(): void {
    // The library validates as it is, and its JSON Schema was made at registration.
  }

  #toValidation(result: StandardSchemaV1.Result<unknown>, value: unknown): Validation {
    if (!result.issues) return { ok: true, value: result.value };
    return new LibraryRefusal(result.issues, value, this.jsonSchema);
  }
}

/** Makes a Standard Schema ready, given its checked, frozen JSON Schema. */
export function createLibrarySchema(schema: StandardSchemaV1, jsonSchema: JsonSchema): Schema {
  return new LibrarySchema(schema, jsonSchema);
}
