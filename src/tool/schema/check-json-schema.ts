// Checks the structure of a JSON Schema in one walk: linear, without a metaschema and without compiling, so that
// registering thousands of tools costs microseconds each. What passes here compiles.
import { checkReferences } from "./check-references.ts";
import type { JsonSchema } from "./schema.ts";
import { SchemaWalk, type SchemaCheckOptions, type SchemaProblem } from "./schema-walk.ts";

/**
 * Everything that is wrong with the structure of `root`, at most 50 problems. Keywords that JSON Schema does not know are
 * annotations and pass; those that are known and would not be enforced are refused, naming what to write instead.
 */
export function checkJsonSchema(root: JsonSchema, options: SchemaCheckOptions): readonly SchemaProblem[] {
  const walk = new SchemaWalk(options);
  walk.walk(root, []);
  if (walk.refs.length > 0) checkReferences(root, walk);
  walk.finish();
  return walk.problems;
}
