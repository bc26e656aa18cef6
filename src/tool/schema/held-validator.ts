// A validator that compiles when it is first needed, and again after the pool has let go of it.
import type { ValidateFunction } from "ajv";
import type { JsonSchema } from "./schema.ts";
import type { ValidatorHolder, ValidatorPool } from "./validator-pool.ts";

export class HeldValidator implements ValidatorHolder {
  usedAt = 0;
  readonly #schema: JsonSchema;
  readonly #pool: ValidatorPool;
  #compiled: ValidateFunction | null = null;

  constructor(schema: JsonSchema, pool: ValidatorPool) {
    this.#schema = schema;
    this.#pool = pool;
  }

  /** The validator, compiled now if need be. Throws when the schema does not compile. */
  get(): ValidateFunction {
    this.usedAt = this.#pool.tick();
    return (this.#compiled ??= this.#pool.compile(this.#schema, this));
  }

  drop(): void {
    this.#compiled = null;
  }
}
