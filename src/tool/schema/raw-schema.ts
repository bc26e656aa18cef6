// A JSON Schema made ready: validated by Ajv, compiled at the first use.
import type { ErrorObject } from "ajv";
import type { Issue } from "../../call/issue.ts";
import { toIssues } from "./ajv-issues.ts";
import type { Dialect } from "./dialect.ts";
import { describeSchema } from "./describe-schema.ts";
import { describeValue } from "./describe-value.ts";
import { HeldValidator } from "./held-validator.ts";
import { locate } from "./locate.ts";
import { fromPointer } from "./pointer.ts";
import { isDeeper, isRecursive, MAX_RECURSIVE_DEPTH } from "./recursion.ts";
import type { JsonSchema, Refused, Schema, Validation } from "./schema.ts";
import { VALIDATOR_POOLS } from "./validator-pool.ts";

/** Values larger than this get their first issue only: all errors of a megabyte would take a hundred. */
const MAX_EXPLAINED = 10_000;

class RawSchema implements Schema {
  readonly vendor = null;
  readonly jsonSchema: JsonSchema;
  /** null until the first value comes. */
  #recursive: boolean | null = null;
  readonly #first: HeldValidator;
  readonly #all: HeldValidator;

  constructor(jsonSchema: JsonSchema, dialect: Dialect) {
    this.jsonSchema = jsonSchema;
    this.#first = new HeldValidator(jsonSchema, VALIDATOR_POOLS[dialect].first);
    this.#all = new HeldValidator(jsonSchema, VALIDATOR_POOLS[dialect].all);
  }

  validate(value: unknown): Validation {
    if (this.#isTooDeep(value)) return new RawRefusal(this, value);
    try {
      if (this.#first.get()(value)) return { ok: true, value };
    } catch {
      // Falls through: the explanation fails in the same way and says so.
    }
    return new RawRefusal(this, value);
  }

  compile(): void {
    this.#first.get();
  }

  /** Everything that is wrong with `value`, which was refused. */
  explain(value: unknown): readonly Issue[] {
    if (this.#isTooDeep(value)) return [toTooDeep(value)];
    try {
      // All errors of a schema that refers to itself are those of every way through it.
      if (this.#recursive === true || !isSmall(value, MAX_EXPLAINED)) return [this.#explainFirst(value)];
      const errors = run(this.#all, value);
      const issues = toIssues(errors, value, this.jsonSchema);
      return issues.length > 0 ? issues : [this.#explainFirst(value)];
    } catch {
      const message = "could not be checked: the tool's schema failed";
      return [
        {
          path: [],
          message,
          expected: "a schema that can be evaluated",
          received: describeValue(value),
          hint: "this is for the tool's author",
        },
      ];
    }
  }

  #isTooDeep(value: unknown): boolean {
    this.#recursive ??= isRecursive(this.jsonSchema);
    return this.#recursive && isDeeper(value, MAX_RECURSIVE_DEPTH);
  }

  #explainFirst(value: unknown): Issue {
    const [error] = run(this.#first, value);
    const path = fromPointer(error?.instancePath ?? "", value);
    const found = locate(this.jsonSchema, value, path);
    return {
      path,
      message: `does not fit (${error?.keyword ?? "unknown"})`,
      expected: describeSchema(found.schema ?? true, this.jsonSchema),
      received: describeValue(found.value),
      hint: "repair this first; there may be more",
    };
  }
}

function toTooDeep(value: unknown): Issue {
  return {
    path: [],
    message: "is nested too deep for a schema that refers to itself",
    expected: `at most ${MAX_RECURSIVE_DEPTH} levels of objects and arrays`,
    received: describeValue(value),
    hint: "make it flatter, or split it over several calls",
  };
}

class RawRefusal implements Refused {
  readonly ok = false;
  readonly #schema: RawSchema;
  readonly #value: unknown;
  #issues: readonly Issue[] | null = null;

  constructor(schema: RawSchema, value: unknown) {
    this.#schema = schema;
    this.#value = value;
  }

  get issues(): readonly Issue[] {
    return (this.#issues ??= this.#schema.explain(this.#value));
  }
}

function run(held: HeldValidator, value: unknown): readonly ErrorObject[] {
  const validator = held.get();
  validator(value);
  const errors = validator.errors ?? [];
  // They hold the value; the validator outlives the call.
  validator.errors = null;
  return errors;
}

/** Whether `value` has at most `max` members and items in all. */
function isSmall(value: unknown, max: number): boolean {
  let left = max;
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const members: readonly unknown[] = Array.isArray(node) ? node : Object.values(node);
    left -= members.length;
    for (let index = 0; index < members.length && left >= 0; index++) visit(members[index]);
  };
  visit(value);
  return left >= 0;
}

/** Makes a checked, frozen JSON Schema ready. Nothing is compiled yet. */
export function createRawSchema(jsonSchema: JsonSchema, dialect: Dialect): Schema {
  return new RawSchema(jsonSchema, dialect);
}
