// Validation apart from the registry's: the judge of which calls are valid, and of what a model is held to by a schema.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** Why a value is not valid under a schema, without its place, so that reasons can be counted; null when it is. */
export type Validator = (schema: object, value: unknown) => string | null;

/** Compiles each schema object once. */
export function createValidator(): Validator {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, ownProperties: true });
  formats.default(ajv);
  const compiled = new WeakMap<object, ValidateFunction>();
  return (schema, value) => {
    let validate = compiled.get(schema);
    if (validate === undefined) {
      validate = ajv.compile(schema);
      compiled.set(schema, validate);
    }
    if (validate(value)) return null;
    const [error] = validate.errors ?? [];
    return error?.keyword === "required" ? "leaves out what is required" : (error?.message ?? "is not valid");
  };
}
